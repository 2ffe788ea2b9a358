/** Saves what the page shows as a CSV file. */
import { csv, type Cell } from "../../format/csv.ts";

interface DownloadProps {
  /** Without its ending. */
  readonly name: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export function DownloadButton({ name, head, rows }: DownloadProps) {
  const save = (): void => {
    const url = URL.createObjectURL(new Blob([csv(head, rows)], { type: "text/csv;charset=utf-8" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `${name}.csv`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <button type="button" onClick={save} disabled={rows.length === 0}>
      Download CSV
    </button>
  );
}
