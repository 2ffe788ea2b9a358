/**
 * One form for a word's inflections: `elects`, `elected` and `electing` are
 * `elect`. Regular endings are cut and irregular words looked up; words of other
 * languages lose what looks alike, which does no harm, because answer and context
 * lose the same. Derivations (`election`) stay apart: cutting them found less.
 * Letters are folded already.
 */

/** What is cut, what comes instead, and how much must stay. */
const endings = [
  "'s::1",
  "'::1",
  "ies:y:2",
  "sses:ss:1",
  "xes:x:1",
  "ches:ch:1",
  "shes:sh:1",
  "ied:y:2",
  "ing::3",
  "ed::3",
]
  .map((row) => row.split(":"))
  .map(([cut = "", instead = "", least = ""]) => ({ cut, instead, least: Number(least) }));

/** Between two semicolons stands one word in its forms. */
const irregular: ReadonlyMap<string, string> = new Map(
  `be am is are was were been being; begin began begun beginning; become became; bring brought; build built;
  buy bought; catch caught; choose chose chosen choice; come came; die died dead death dies dying;
  do did done does; draw drew drawn; drive drove driven; eat ate eaten; fall fell fallen; feel felt;
  fight fought; find found; fly flew flown flight; forget forgot forgotten; get got gotten; give gave given;
  go went gone goes; grow grew grown growth; have has had having; hear heard; hold held; keep kept;
  know knew known; lead led; leave left leaving; lose lost loss; make made making maker; mean meant; meet met;
  pay paid; rise rose risen; run ran; say said; see saw seen; sell sold sale; send sent;
  sing sang sung singer song; sit sat; sleep slept; speak spoke spoken; spend spent; stand stood;
  steal stole stolen; swim swam swum; take took taken; teach taught; tell told; think thought;
  throw threw thrown; win won winning winner; write wrote written writing writer; child children; man men;
  woman women; person people; foot feet; mouse mice; life lives live living; wife wives; bear born birth`
    .split(";")
    .flatMap((line) => {
      const forms = line.trim().split(/\s+/);
      return forms.map((form) => [form, tidy(forms[0] ?? "")] as const);
    }),
);

/** Longer runs of letters are no words, and are left as they are. */
const longest = 40;

/** What has been stemmed before; bounded, so that a hostile text cannot fill the memory. */
const memory = new Map<string, string>();
const memoryLimit = 20_000;

export function stem(word: string): string {
  if (word.length < 3 || word.length > longest) return word;
  const known = memory.get(word);
  if (known !== undefined) return known;
  const found = stemUnseen(word);
  if (memory.size < memoryLimit) memory.set(word, found);
  return found;
}

function stemUnseen(word: string): string {
  const bare = word.endsWith("'s") ? word.slice(0, -2) : word;
  const known = irregular.get(bare);
  if (known !== undefined) return known;
  const found = endings.find(({ cut, least }) => bare.length - cut.length >= least && bare.endsWith(cut));
  const inflected = withoutPlural(found === undefined ? bare : bare.slice(0, -found.cut.length) + found.instead);
  return irregular.get(inflected) ?? tidy(inflected);
}

function withoutPlural(word: string): string {
  const plural = word.length > 3 && word.endsWith("s") && !/(?:ss|us|is)$/.test(word);
  return plural ? word.slice(0, -1) : word;
}

/** `stopp` is `stop`, `mak` and `make` are one, `happi` and `happy` too. */
function tidy(word: string): string {
  if (word.length < 4) return word;
  const last = word.charAt(word.length - 1);
  if (last === "e" || last === "y" || last === "i") return word.slice(0, -1);
  return last === word.charAt(word.length - 2) && /[bdglmnprt]/.test(last) ? word.slice(0, -1) : word;
}
