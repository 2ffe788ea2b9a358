/**
 * Proves of a pack that holds some records only that none of the selection was
 * left out of the links that are there: every other link must say by its tags
 * that it is of another run or client. What cannot be told is counted, never
 * taken for proved. Pure. Needs Node alone: the evidence pack carries this file.
 */
import type { Fault } from "./find-fault.ts";
import type { ReadLink } from "./read-link.ts";
import { keyOfTag, runTag } from "./tags.ts";

/** Neither of the two: every record. */
export interface Selection {
  readonly run_id?: string | undefined;
  readonly client_id?: string | undefined;
}

export interface SelectionVerdict {
  /** Records that are of the selection, and there. */
  readonly selected: number;
  /** Links whose record is withheld, and is proved to be of another run or client. */
  readonly others: number;
  /** Links whose record is withheld, and may be of the client: none of its records is there under their tag's key. */
  readonly undecided: number;
  readonly fault: Fault | null;
}

type Kind = "selected" | "other" | "undecided";

export function judgeSelection(links: readonly ReadLink[], selection: Selection): SelectionVerdict {
  const { run_id: runId, client_id: clientId } = selection;
  const wanted = runId === undefined ? null : runTag(runId);
  const own = tagsOfClient(links, clientId);
  const keys = new Set([...own].map(keyOfTag));
  const kindOf = ({ tags: { run_tag, client_tag }, named }: ReadLink): Kind => {
    if (wanted !== null && run_tag !== wanted) return "other";
    if (clientId === undefined) return "selected";
    if (named !== null) return named.clientId === clientId ? "selected" : "other";
    if (client_tag === null) return "other";
    if (own.has(client_tag)) return "selected";
    return keys.has(keyOfTag(client_tag)) ? "other" : "undecided";
  };
  const kinds = links.map((link) => ({ link, kind: kindOf(link) }));
  const count = (kind: Kind): number => kinds.filter((one) => one.kind === kind).length;
  const withheld = kinds.find(({ link, kind }) => kind === "selected" && link.named === null);
  const fault =
    withheld === undefined
      ? mistagged(links)
      : faultOf(withheld.link, "it is of the selection, and its record is not there");
  return { selected: count("selected"), others: count("other"), undecided: count("undecided"), fault };
}

function tagsOfClient(links: readonly ReadLink[], clientId: string | undefined): ReadonlySet<string> {
  const tags = links.flatMap(({ named, tags: { client_tag } }) =>
    clientId !== undefined && named?.clientId === clientId && client_tag !== null ? [client_tag] : [],
  );
  return new Set(tags);
}

/** One client has one tag under one key, and no two have the same. */
function mistagged(links: readonly ReadLink[]): Fault | null {
  const tags = new Map<string, string>();
  const clients = new Map<string, string>();
  for (const link of links) {
    const { client_tag: tag } = link.tags;
    const clientId = link.named?.clientId ?? null;
    if (tag === null || clientId === null) continue;
    const key = `${keyOfTag(tag)} ${clientId}`;
    if ((tags.get(key) ?? tag) !== tag || (clients.get(tag) ?? clientId) !== clientId)
      return faultOf(link, "its client has another tag elsewhere");
    tags.set(key, tag);
    clients.set(tag, clientId);
  }
  return null;
}

function faultOf({ partition, sequence, place }: ReadLink, detail: string): Fault {
  return { kind: "withheld", partition, sequence, place, detail };
}
