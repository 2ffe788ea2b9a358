/**
 * Whether a style keeps text from the eye: not shown, transparent, white, tiny
 * or moved off the page. Knows a style sheet's simple selectors (a class, an
 * id, an element). What contrast and layout hide is not known, so this tells a
 * person; no guard rests on it.
 */
const hidingDeclarations =
  /(?:^|[;{\s])(?:display:none|visibility:(?:hidden|collapse)|opacity:0?\.?0*(?=[;!}]|$)|font-size:0?\.?\d?(?:px|pt|em|rem|%)?(?=[;!}]|$)|(?:color|-webkit-text-fill-color):(?:white|#fff|#ffffff|transparent|rgba?\(255,255,255[^)]{0,20}\)|rgba\([^)]{0,40},0\))(?=[;!}]|$)|(?:left|top|right|text-indent|margin-left):-\d{3,}|clip:rect\(0|clip-path:inset\((?:50|100)%|transform:scale\(0\))/;

export const maxStyleChars = 200_000;
const maxRules = 5000;
const simpleSelector = /^(?:[a-z][a-z0-9]*)?[.#]?[a-z0-9_-]+$/i;

export function hidesText(style: string): boolean {
  return hidingDeclarations.test(
    style
      .slice(0, maxStyleChars)
      .toLowerCase()
      .replaceAll(/\s+(?=[:;,)!(])|(?<=[:;,(])\s+/g, ""),
  );
}

/** Lower-case selectors (`p`, `.x`, `#y`, `p.x`) that a style sheet hides. */
export function hidingSelectors(sheet: string): readonly string[] {
  const selectors: string[] = [];
  let rules = 0;
  for (const rule of sheet.slice(0, maxStyleChars).split("}")) {
    const brace = rule.lastIndexOf("{");
    if (brace < 0 || (rules += 1) > maxRules || !hidesText(rule.slice(brace + 1))) continue;
    const head = rule.slice(Math.max(rule.lastIndexOf("{", brace - 1), rule.lastIndexOf("/")) + 1, brace);
    selectors.push(
      ...head
        .split(",")
        .map((part) => part.trim())
        .filter((part) => simpleSelector.test(part))
        .map((part) => part.toLowerCase()),
    );
  }
  return selectors;
}

/** The selectors that an element answers to. */
export function selectorsOf(name: string, attributes: Readonly<Record<string, string>>): readonly string[] {
  const classes = (attributes["class"] ?? "").toLowerCase().split(/\s+/, 50).filter(Boolean);
  const id = attributes["id"]?.toLowerCase();
  return [
    name,
    ...classes.flatMap((word) => [`.${word}`, `${name}.${word}`]),
    ...(id === undefined ? [] : [`#${id}`, `${name}#${id}`]),
  ];
}
