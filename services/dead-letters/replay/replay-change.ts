/** What replays of dead letters are in the audit: a record for each new run, without content. Pure. */
import type { RunRequest } from "../../../schemas/records/run-request.ts";
import type { Change } from "../../runtime/audit/change-record.ts";

export interface PublishedReplay {
  /** Of the dead letter. */
  readonly ref: string;
  readonly request: Pick<RunRequest, "client_id"> & { readonly run_id: string };
}

/** `isMended`: the operator's own request took the place of the original one. */
export function replayChanges(
  replays: readonly PublishedReplay[],
  { isMended }: { readonly isMended: boolean },
): readonly Change[] {
  const action = isMended ? "dead_letter.mended" : "dead_letter.replayed";
  return replays.map(({ ref: target, request: { run_id, client_id } }) => ({ action, target, run_id, client_id }));
}
