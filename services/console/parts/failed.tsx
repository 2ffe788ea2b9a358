/** A request that failed where its answer should stand: what the gateway said, and another try. */
import type { ApiError } from "../data/api.ts";

export function Failed({ error, onRetry }: { readonly error: ApiError; readonly onRetry: () => void }) {
  return (
    <div class="failed" role="alert">
      <p>
        {error.message} <code class="quiet">{error.code}</code>
      </p>
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
