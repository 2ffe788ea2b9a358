/**
 * A replay on its way: estimated anew whenever what is asked for changes,
 * published once when that is said. Nothing is published before an estimate.
 */
import { useEffect, useState } from "preact/hooks";
import type { EstimateView, ReplaySelection, ReplaysView } from "../../../gateway/dead-letters/letter-views.ts";
import { ApiError, send } from "../../data/api.ts";

export interface Replay {
  /** Null while it is being made. */
  readonly estimate: EstimateView | null;
  /** Null until it is published. */
  readonly done: ReplaysView | null;
  readonly error: ApiError | null;
  readonly isUnderWay: boolean;
  readonly estimateAgain: () => void;
  readonly publish: () => void;
}

interface State extends Pick<Replay, "estimate" | "done" | "error"> {
  readonly isUnderWay: boolean;
}

const nothing: State = { estimate: null, done: null, error: null, isUnderWay: false };
const place = "/v1/dead-letters/replays";

/** `selection` is to be the same object for as long as the same is meant. */
export function useReplay(selection: ReplaySelection, force: boolean): Replay {
  const [state, setState] = useState(nothing);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let isOver = false;
    setState(nothing);
    void caught(send<EstimateView>("POST", `${place}/estimate`, { ...selection, force })).then((answer) => {
      if (isOver) return;
      setState(answer instanceof ApiError ? { ...nothing, error: answer } : { ...nothing, estimate: answer });
    });
    return () => {
      isOver = true;
    };
  }, [selection, force, tries]);
  const publish = async (): Promise<void> => {
    setState({ ...state, isUnderWay: true });
    const answer = await caught(send<ReplaysView>("POST", place, { ...selection, force }));
    setState(answer instanceof ApiError ? { ...nothing, error: answer } : { ...nothing, done: answer });
  };
  return { ...state, estimateAgain: () => setTries(tries + 1), publish: () => void publish() };
}

async function caught<T>(answer: Promise<T>): Promise<T | ApiError> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
