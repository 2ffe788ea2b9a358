/** All shortcuts that hold at this moment, in a dialog that `?` opens. */
import { useStore } from "../data/store.ts";
import { shortcuts } from "../navigation/shortcuts.ts";
import { Dialog } from "../parts/dialog.tsx";

export function ShortcutsHelp({ onClose }: { readonly onClose: () => void }) {
  const all = useStore(shortcuts);
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl class="shortcuts">
        {all.map(({ keys, label }) => (
          <div key={keys + label}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
