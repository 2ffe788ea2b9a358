/** Has the gateway try an edit, a moment after the last letter; an older answer never replaces a newer one. */
import { useEffect, useState } from "preact/hooks";
import type { CheckAnswer } from "../../../../gateway/reviews/review-routes.ts";
import { ApiError, send } from "../../../data/api.ts";

/** Shorter than a thought, longer than the gap between letters. */
const pauseMs = 250;

interface Checked {
  /** Of which text; null before the first answer. */
  readonly text: string | null;
  readonly check: CheckAnswer | null;
  readonly failure: string | null;
}

export interface LiveCheck extends Omit<Checked, "text"> {
  /** It is about the text as it is now. */
  readonly isCurrent: boolean;
}

export function useCheck(runId: string, text: string): LiveCheck {
  const [seen, setSeen] = useState<Checked>({ text: null, check: null, failure: null });
  useEffect(() => {
    let isOver = false;
    const ask = async (): Promise<void> => {
      const outcome = await checked(runId, text);
      if (!isOver) setSeen(outcome);
    };
    const timer = setTimeout(() => void ask(), pauseMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [runId, text]);
  return { check: seen.check, failure: seen.failure, isCurrent: seen.text === text };
}

async function checked(runId: string, text: string): Promise<Checked> {
  try {
    const check = await send<CheckAnswer>("POST", `/v1/reviews/${encodeURIComponent(runId)}/check`, { text });
    return { text, check, failure: null };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { text, check: null, failure: error.message };
  }
}
