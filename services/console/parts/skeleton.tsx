/** Holds the place of what is loading, as high as it will be, so that nothing moves when it comes. */

export function Skeleton({ lines = 1 }: { readonly lines?: number }) {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        <span class="skeleton-line" key={line} />
      ))}
    </div>
  );
}
