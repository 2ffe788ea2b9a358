/** The letters with one cause: looked at one by one, chosen, replayed. */
import { useRef, useState } from "preact/hooks";
import type { LetterView, ReplaySelection } from "../../../gateway/dead-letters/letter-views.ts";
import { useLive } from "../../data/use-live.ts";
import { counted, grouped } from "../../format/numbers.ts";
import { words } from "../../format/status.ts";
import { linkTo, useQuery } from "../../navigation/place.ts";
import { useShortcuts } from "../../navigation/shortcuts.ts";
import type { PageProps } from "../../pages.ts";
import { StatusBadge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { Skeleton } from "../../parts/skeleton.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";
import { Time } from "../../parts/time.tsx";
import { ReplayDialog } from "./replay-dialog.tsx";
import { useChosen, type Chosen } from "./use-chosen.ts";
import "./dead-letters.css";

interface LettersPage {
  readonly letters: readonly LetterView[];
  readonly total: number;
}

const perPage = 50;

export function Page({ params: { group = "" } }: PageProps) {
  const [skipped] = useQuery("skip");
  const skip = Math.max(0, Math.trunc(Number(skipped ?? 0)) || 0);
  const path = `/v1/dead-letters/groups/${encodeURIComponent(group)}?limit=${perPage}&skip=${skip}`;
  const { data, error, refresh } = useLive<LettersPage>(path);
  const [selection, setSelection] = useState<ReplaySelection | null>(null);
  const chosen = useChosen();
  if (data === null && error !== null)
    return error.status === 404 ? <Gone /> : <Failed error={error} onRetry={refresh} />;
  if (data === null) return <Skeleton lines={12} />;
  const { letters, total } = data;
  const close = (): void => {
    setSelection(null);
    chosen.clear();
    refresh();
  };
  return (
    <>
      <Head letter={letters[0]} total={total} />
      <Actions chosen={chosen} shown={letters.map(({ ref }) => ref)} group={group} onReplay={setSelection} />
      <section class="card">
        <Letters letters={letters} chosen={chosen} />
        <Pages group={group} skip={skip} total={total} />
      </section>
      {selection === null ? null : <ReplayDialog selection={selection} onClose={close} />}
    </>
  );
}

function Head({ letter, total }: { readonly letter: LetterView | undefined; readonly total: number }) {
  return (
    <div>
      <p class="quiet">
        <a href={linkTo("/dead-letters")}>Dead letters</a>
      </p>
      <h1>{letter === undefined ? "A group" : words(letter.code)}</h1>
      <p class="cause">{letter === undefined ? null : <ModelText text={letter.cause} />}</p>
      <p class="quiet">
        {letter === undefined
          ? null
          : `${counted(total, "letter")} of ${letter.topic}, given up by ${letter.stage}; harness ${letter.harness ?? "not readable"}`}
      </p>
    </div>
  );
}

interface ActionsProps {
  readonly chosen: Chosen;
  readonly shown: readonly string[];
  readonly group: string;
  readonly onReplay: (selection: ReplaySelection) => void;
}

function Actions({ chosen, shown, group, onReplay }: ActionsProps) {
  const count = chosen.refs.length;
  return (
    <div class="bar">
      <button
        type="button"
        class="primary"
        disabled={count === 0}
        onClick={() => onReplay({ letters: [...chosen.refs], force: false })}
      >
        {count === 0 ? "Replay chosen…" : `Replay ${grouped(count)} chosen…`}
      </button>
      <button type="button" disabled={shown.length === 0} onClick={() => chosen.toggleAll(shown)}>
        {shown.length > 0 && shown.every(chosen.has) ? "Choose none" : "Choose all shown"}
      </button>
      <button type="button" disabled={shown.length === 0} onClick={() => onReplay({ group, force: false })}>
        Replay all that were not…
      </button>
    </div>
  );
}

interface LettersProps {
  readonly letters: readonly LetterView[];
  readonly chosen: Chosen;
}

function Letters({ letters, chosen }: LettersProps) {
  const place = useRef<HTMLDivElement>(null);
  useShortcuts([
    {
      keys: "x",
      label: "Choose the letter",
      run: () => {
        const row = document.activeElement?.closest("tr");
        if (place.current?.contains(row ?? null) === true) row?.querySelector<HTMLElement>("input")?.click();
      },
    },
    {
      keys: "X",
      label: "Choose all letters shown",
      run: () => chosen.toggleAll(letters.map(({ ref }) => ref)),
    },
  ]);
  return (
    <div ref={place}>
      <Table
        caption="Letters of this group, newest first"
        columns={columnsWith(chosen)}
        rows={letters}
        keyOf={({ ref }) => ref}
        hrefOf={({ ref }) => linkTo(`/dead-letters/${ref}`)}
        empty={<Empty title="No letters here." />}
      />
    </div>
  );
}

function columnsWith(chosen: Chosen): readonly Column<LetterView>[] {
  return [
    { head: "Letter", cell: ({ ref }) => <code>{ref}</code> },
    {
      head: "Choose",
      cell: ({ ref }) => (
        <label class="choose">
          <input type="checkbox" checked={chosen.has(ref)} onChange={() => chosen.toggle(ref)} />
          <span class="unseen">Choose {ref}</span>
        </label>
      ),
    },
    { head: "Replays", cell: ({ replays }) => <Replays replays={replays} /> },
    { head: "Bytes", cell: ({ bytes }) => grouped(bytes), isFigure: true, isMinor: true },
    { head: "Given up", cell: ({ at }) => <At at={at} />, isFigure: true, isMinor: true },
  ];
}

export function Replays({ replays }: Pick<LetterView, "replays">) {
  if (replays === null) return <span class="quiet">unknown</span>;
  if (replays.length === 0) return <span class="quiet">none</span>;
  return (
    <span class="replays">
      {replays.map(({ run_id: runId, status }) => (
        <a key={runId} href={linkTo(`/runs/${runId}`)}>
          <StatusBadge status={status ?? "running"} />
        </a>
      ))}
    </span>
  );
}

/** Whoever wrote the record wrote its time. */
export function At({ at }: { readonly at: string }) {
  const atMs = Date.parse(at);
  return Number.isNaN(atMs) ? <>{at}</> : <Time atMs={atMs} />;
}

function Pages({ group, skip, total }: { readonly group: string; readonly skip: number; readonly total: number }) {
  if (total <= perPage) return null;
  const to = (at: number): string => linkTo(`/dead-letters/groups/${group}`, { skip: at <= 0 ? null : String(at) });
  return (
    <nav class="pages" aria-label="Pages of letters">
      {skip > 0 ? <a href={to(skip - perPage)}>Newer</a> : <span />}
      <span class="quiet figure">
        {grouped(skip + 1)}–{grouped(Math.min(total, skip + perPage))} of {grouped(total)}
      </span>
      {skip + perPage < total ? <a href={to(skip + perPage)}>Older</a> : <span />}
    </nav>
  );
}

function Gone() {
  return (
    <Empty title="None of the newest dead letters is of this group." isPage>
      <a href={linkTo("/dead-letters")}>All dead letters</a>
    </Empty>
  );
}
