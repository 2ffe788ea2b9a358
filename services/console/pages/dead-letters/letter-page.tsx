/** One dead letter: why it was given up, its headers, its body as far as policy allows, its replays. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { LetterDocument, ReplaySelection } from "../../../gateway/dead-letters/letter-views.ts";
import { useLive } from "../../data/use-live.ts";
import { grouped } from "../../format/numbers.ts";
import { words } from "../../format/status.ts";
import { linkTo } from "../../navigation/place.ts";
import { useShortcuts } from "../../navigation/shortcuts.ts";
import type { PageProps } from "../../pages.ts";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { Skeleton } from "../../parts/skeleton.tsx";
import { Body } from "./body.tsx";
import { At, Replays } from "./group-page.tsx";
import { ReplayDialog } from "./replay-dialog.tsx";
import "./dead-letters.css";

export function Page({ params: { topic = "", partition = "", offset = "" } }: PageProps) {
  const path = [topic, partition, offset].map(encodeURIComponent).join("/");
  const { data, error, refresh } = useLive<LetterDocument>(`/v1/dead-letters/${path}`);
  const [selection, setSelection] = useState<ReplaySelection | null>(null);
  const replay = (ref: string): void => setSelection({ letters: [ref], force: false });
  useShortcuts(data === null ? [] : [{ keys: "r", label: "Replay this letter", run: () => replay(data.ref) }]);
  if (data === null && error !== null)
    return error.status === 404 || error.status === 400 ? <Gone /> : <Failed error={error} onRetry={refresh} />;
  if (data === null) return <Skeleton lines={10} />;
  const close = (): void => {
    setSelection(null);
    refresh();
  };
  return (
    <>
      <Head letter={data} onReplay={() => replay(data.ref)} />
      <Facts letter={data} />
      <section class="card" aria-labelledby="body">
        <h2 id="body">Body</h2>
        <Body body={data.body} />
      </section>
      <Pairs title="Headers of the record" pairs={data.headers} empty="The record had no headers." />
      <Pairs title="What the stage wrote beside them" pairs={data.errors} empty="Nothing." />
      {selection === null ? null : <ReplayDialog selection={selection} onClose={close} />}
    </>
  );
}

function Head({ letter, onReplay }: { readonly letter: LetterDocument; readonly onReplay: () => void }) {
  return (
    <div class="page-head">
      <div>
        <p class="quiet">
          <a href={linkTo("/dead-letters")}>Dead letters</a> /{" "}
          <a href={linkTo(`/dead-letters/groups/${letter.group}`)}>this cause</a>
        </p>
        <h1>{words(letter.code)}</h1>
        <p class="cause">
          <ModelText text={letter.message} />
        </p>
      </div>
      <button type="button" class="primary" onClick={onReplay}>
        Replay…
      </button>
    </div>
  );
}

function Facts({ letter }: { readonly letter: LetterDocument }) {
  const { ref, stage, disposition, at, source, bytes, harness, replays, key } = letter;
  return (
    <dl class="facts card">
      <Fact name="Letter">
        <code>{ref}</code>
      </Fact>
      <Fact name="Record">
        <code>{`${source.topic}/${source.partition}/${source.offset}`}</code>
      </Fact>
      <Fact name="Given up">
        <At at={at} /> by {stage}, as {disposition}
      </Fact>
      <Fact name="Harness">
        {harness === null ? "not readable" : <a href={linkTo(`/harnesses/${harness}`)}>{harness}</a>}
      </Fact>
      <Fact name="Size">{grouped(bytes)} bytes</Fact>
      <Fact name="Key">{key === null ? "none" : <ModelText text={key} />}</Fact>
      <Fact name="Replays">
        <Replays replays={replays} />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="figure">{children}</dd>
    </div>
  );
}

interface PairsProps {
  readonly title: string;
  readonly pairs: Readonly<Record<string, string>>;
  readonly empty: string;
}

function Pairs({ title, pairs, empty }: PairsProps) {
  const all = Object.entries(pairs);
  return (
    <section class="card">
      <h2>{title}</h2>
      {all.length === 0 ? (
        <p class="quiet">{empty}</p>
      ) : (
        <dl class="pairs">
          {all.map(([name, value]) => (
            <div key={name}>
              <dt>
                <code>
                  <ModelText text={name} />
                </code>
              </dt>
              <dd>
                <code>
                  <ModelText text={value} />
                </code>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function Gone() {
  return (
    <Empty title="No dead letter stands there." isPage>
      It may be too old: they are kept for 30 days. <a href={linkTo("/dead-letters")}>All dead letters</a>
    </Empty>
  );
}
