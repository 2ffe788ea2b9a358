/** How much of something is used, as a bar: good, near its end, or at it. The figures stand beside it, as text. */

export function Meter({ share, tone }: { readonly share: number; readonly tone: "good" | "warn" | "bad" }) {
  return (
    <div class={`meter meter-${tone}`} aria-hidden="true">
      <span style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }} />
    </div>
  );
}
