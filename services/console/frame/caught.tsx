/** Keeps a failure in one page from taking the console with it: says so where the page should stand. */
import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";

export function Caught({ children }: { readonly children: ComponentChildren }) {
  const [error, reset] = useErrorBoundary();
  if (error === undefined) return <>{children}</>;
  return (
    <div class="failed" role="alert">
      <p>This page failed. It is a defect of the console; what it shows elsewhere still holds.</p>
      <button type="button" onClick={reset}>
        Show it again
      </button>
    </div>
  );
}
