/** What a run is: how it ended, for whom, by what, since when, for how much, and where more of it stands. */
import type { ComponentChildren } from "preact";
import type { ShownRun } from "../../../gateway/native/inspect/shown-run.ts";
import type { RunTimeline } from "../../../ledger/timeline.ts";
import { grouped } from "../../format/numbers.ts";
import { span } from "../../format/times.ts";
import { linkTo } from "../../navigation/place.ts";
import { StatusBadge } from "../../parts/badge.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { Money } from "../../parts/money.tsx";
import { Time } from "../../parts/time.tsx";
import { beginOf } from "./lanes.ts";

export function RunFacts({ run }: { readonly run: ShownRun }) {
  const { timeline } = run;
  const result = timeline?.result ?? null;
  const owner = result?.client_id ?? timeline?.calls[0]?.client_id;
  return (
    <section class="card run-facts" aria-label="About this run">
      <dl>
        <Fact name="Status">
          <StatusBadge status={run.status ?? run.state} />
        </Fact>
        <Fact name="Cost">{timeline === null ? "–" : <Cost timeline={timeline} />}</Fact>
        <Fact name="Took">{result === null ? "–" : span(result.duration_ms)}</Fact>
        <Fact name="Attempts">{run.attempts === undefined ? "–" : grouped(run.attempts)}</Fact>
        <Fact name="Client">{owner === undefined ? "–" : <ModelText text={owner} />}</Fact>
        <Fact name="Harness">
          <Harness run={run} />
        </Fact>
        <NamedFacts run={run} />
      </dl>
      <Elsewhere run={run} />
    </section>
  );
}

/** Those that not every run has. */
function NamedFacts({ run }: { readonly run: ShownRun }) {
  const { timeline, trace, feature, answered_by: by, correlation_id: correlation } = run;
  const { document = null, batch_id: batch = null } = timeline?.result ?? {};
  return (
    <>
      {feature === undefined ? null : (
        <Fact name="Feature">
          <ModelText text={feature} />
        </Fact>
      )}
      {by === undefined ? null : <Fact name="Answered by">{`${by.provider} ${by.model}`}</Fact>}
      {timeline === null ? null : <Began timeline={timeline} />}
      {document === null ? null : (
        <Fact name="Document">
          <ModelText text={document} />
          {batch === null ? null : <BatchLink batch={batch} />}
        </Fact>
      )}
      {correlation === undefined ? null : (
        <Fact name="Correlation id">
          <ModelText text={correlation} />
        </Fact>
      )}
      {trace === undefined ? null : (
        <Fact name="Trace">
          <Trace {...trace} />
        </Fact>
      )}
    </>
  );
}

function BatchLink({ batch }: { readonly batch: string }) {
  return (
    <>
      {" of "}
      <a href={linkTo("/runs", { batch })}>its batch</a>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The result's sum once there is one; until then what the calls are known to have cost. */
function Cost({ timeline: { result, calls } }: { readonly timeline: RunTimeline }) {
  if (result !== null) return result.calls === 0 ? <>nothing was called</> : <Money usd={result.cost_usd} />;
  const finished = calls.filter((call) => call.cost_usd !== null);
  const [only] = finished;
  if (calls.length === 1 && only !== undefined) return <Money usd={only.cost_usd} />;
  return <>{calls.length === 0 ? "–" : `${grouped(calls.length)} calls so far`}</>;
}

function Harness({ run: { harness, timeline } }: { readonly run: ShownRun }) {
  const [call] = timeline?.calls ?? [];
  const known = harness ?? (call === undefined ? null : { name: call.harness, version: call.harness_version });
  if (known === null) return <>–</>;
  return (
    <>
      <a href={linkTo("/runs", { harness: known.name })}>{known.name}</a>{" "}
      <code title={known.version}>{known.version.slice(0, 8)}</code>
    </>
  );
}

function Began({ timeline }: { readonly timeline: RunTimeline }) {
  const atMs = beginOf(timeline);
  if (!Number.isFinite(atMs)) return null;
  return (
    <Fact name="Came in">
      <Time atMs={atMs} isExact />
    </Fact>
  );
}

function Trace({ trace_id: id, url }: NonNullable<ShownRun["trace"]>) {
  const short = <code title={id}>{id.slice(0, 12)}…</code>;
  if (url === undefined) return short;
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {short} in the trace viewer
    </a>
  );
}

const withLetters: ReadonlySet<string> = new Set(["invalid", "failed_validation", "degraded"]);

/** Where an operator goes on from here. */
function Elsewhere({ run: { run_id: id, state, status, harness, timeline } }: { readonly run: ShownRun }) {
  const [replayed] = timeline?.result?.replay_of?.split("#") ?? [];
  const links = [
    ...(state === "in_review" ? [{ href: linkTo("/reviews", { run: id }), text: "Decide about its answer" }] : []),
    ...(withLetters.has(status ?? "")
      ? [{ href: linkTo("/dead-letters", { harness: harness?.name }), text: "Dead letters of this harness" }]
      : []),
    ...(replayed === undefined
      ? []
      : [{ href: linkTo(`/dead-letters/${replayed}`), text: `Replays the dead letter ${replayed}` }]),
  ];
  return links.length === 0 ? null : (
    <ul class="run-links">
      {links.map(({ href, text }) => (
        <li key={href}>
          <a href={href}>{text}</a>
        </li>
      ))}
    </ul>
  );
}
