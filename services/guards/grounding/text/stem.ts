/**
 * One form for words that say the same: `elections`, `elected` and `electing`
 * are `elect`. English suffixes are cut in two rounds and irregular verbs are
 * looked up; words of other languages lose what looks alike, which does no
 * harm, because answer and context lose the same. Letters are folded already.
 */

/** Endings of the first round: what is cut, what comes instead, and how much must stay. */
const inflections: readonly Ending[] = [
  ["'s", "", 1],
  ["'", "", 1],
  ["ies", "y", 2],
  ["sses", "ss", 1],
  ["xes", "x", 1],
  ["ches", "ch", 1],
  ["shes", "sh", 1],
  ["ied", "y", 2],
  ["ing", "", 3],
  ["ed", "", 3],
];

/** Endings of the second round, the longest first. */
const derivations: readonly Ending[] = [
  ["isation", "", 4],
  ["ization", "", 4],
  ["ational", "", 4],
  ["fulness", "", 3],
  ["iveness", "", 4],
  ["ically", "", 3],
  ["ations", "", 4],
  ["ation", "", 3],
  ["ition", "", 4],
  ["ments", "", 4],
  ["ment", "", 4],
  ["ness", "", 3],
  ["ance", "", 4],
  ["ence", "", 4],
  ["ious", "", 4],
  ["ible", "", 4],
  ["able", "", 4],
  ["ally", "", 4],
  ["ised", "", 4],
  ["ized", "", 4],
  ["ise", "", 4],
  ["ize", "", 4],
  ["ity", "", 4],
  ["ion", "", 4],
  ["ive", "", 4],
  ["ant", "", 4],
  ["ent", "", 4],
  ["ous", "", 4],
  ["ful", "", 3],
  ["ian", "", 4],
  ["ist", "", 4],
  ["ism", "", 4],
  ["ers", "", 4],
  ["ors", "", 4],
  ["ish", "", 4],
  ["al", "", 4],
  ["iz", "", 4],
  ["is", "", 4],
  ["er", "", 4],
  ["or", "", 4],
  ["ly", "", 3],
  ["ic", "", 4],
];

type Ending = readonly [cut: string, instead: string, least: number];

/** Each line is one word in its forms. */
const irregular: ReadonlyMap<string, string> = new Map(
  `be am is are was were been being
  begin began begun beginning
  become became
  bring brought
  build built
  buy bought
  catch caught
  choose chose chosen choice
  come came
  die died dead death dies dying
  do did done does
  draw drew drawn
  drive drove driven
  eat ate eaten
  fall fell fallen
  feel felt
  fight fought
  find found
  fly flew flown flight
  forget forgot forgotten
  get got gotten
  give gave given
  go went gone goes
  grow grew grown growth
  have has had having
  hear heard
  hold held
  keep kept
  know knew known
  lead led
  leave left leaving
  lose lost loss
  make made making maker
  mean meant
  meet met
  pay paid
  rise rose risen
  run ran
  say said
  see saw seen
  sell sold sale
  send sent
  sing sang sung singer song
  sit sat
  sleep slept
  speak spoke spoken
  spend spent
  stand stood
  steal stole stolen
  swim swam swum
  take took taken
  teach taught
  tell told
  think thought
  throw threw thrown
  win won winning winner
  write wrote written writing writer
  child children
  man men
  woman women
  person people
  foot feet
  mouse mice
  life lives live living
  wife wives
  bear born birth`
    .split("\n")
    .flatMap((line) => {
      const [first = "", ...rest] = line.trim().split(" ");
      return [first, ...rest].map((form) => [form, tidy(first)] as const);
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
  const inflected = withoutPlural(cut(bare, inflections));
  const derived = cut(irregular.get(inflected) ?? inflected, derivations);
  return derived === inflected ? tidy(derived) : tidy(cut(derived, derivations));
}

function cut(word: string, endings: readonly Ending[]): string {
  for (const [ending, instead, least] of endings)
    if (word.length - ending.length >= least && word.endsWith(ending)) return word.slice(0, -ending.length) + instead;
  return word;
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
