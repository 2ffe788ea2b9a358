/**
 * Reads the rules of gitleaks' own configuration file: only what that one file
 * uses of TOML (tables of rules, strings, numbers, lists of strings).
 */

export interface GitleaksRule {
  readonly id: string;
  readonly regex: string | null;
  readonly keywords: readonly string[];
  readonly entropy: number;
  readonly stopwords: readonly string[];
}

export function readGitleaksRules(toml: string): readonly GitleaksRule[] {
  return toml
    .split(/^\[\[rules\]\]$/m)
    .slice(1)
    .map((block) => ({
      id: /^id = "(.*)"$/m.exec(block)?.[1] ?? "",
      regex: /^regex = '''([\s\S]*?)'''$/m.exec(block)?.[1] ?? null,
      keywords: listOf(block, "keywords"),
      entropy: Number(/^entropy = ([\d.]+)$/m.exec(block)?.[1] ?? 0),
      stopwords: listOf(block, "stopwords"),
    }));
}

function listOf(block: string, name: string): readonly string[] {
  const list = new RegExp(String.raw`^\s*${name} = \[([\s\S]*?)\]$`, "m").exec(block)?.[1] ?? "";
  return [...list.matchAll(/"((?:[^"\\]|\\.)*)"|'''([\s\S]*?)'''/g)].map((match) => match[1] ?? match[2] ?? "");
}
