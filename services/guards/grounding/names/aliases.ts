/**
 * Names that stand for one another: a country and its people, a city and its
 * short form. A claim that says British where the context says United Kingdom
 * invents nothing. All folded; words of a name of several words are each in it.
 */
const groups = `us usa america american americans united states;
  uk britain british england english great united kingdom briton britons gb scotland scottish wales welsh;
  germany german germans; france french; netherlands dutch holland; spain spanish; poland polish poles;
  turkey turkish turks; ireland irish; switzerland swiss; denmark danish danes; finland finnish finns;
  sweden swedish swedes; norway norwegian norwegians; greece greek greeks; china chinese prc; japan japanese;
  korea korean koreans; india indian indians; iraq iraqi iraqis; israel israeli israelis;
  europe european europeans eu union; russia russian russians soviet ussr moscow;
  ukraine ukrainian ukrainians kyiv kiev; canada canadian canadians; mexico mexican mexicans;
  brazil brazilian brazilians; argentina argentine argentinian; new york ny nyc; los angeles la; washington dc;
  california ca; un united nations; world cup fifa; jew jews jewish judaism;
  christian christians christianity christ; islam islamic muslim muslims; catholic catholics catholicism;
  nazi nazis nazism; tv television; film movie; doctor dr; saint st; mount mt`
  .split(";")
  .map((group) => group.trim().split(/\s+/));

const groupsOf = Map.groupBy(
  groups.flatMap((group) => group.map((word) => ({ word, group }))),
  ({ word }) => word,
);

/** Whether the context has another name for what this word names. */
export function hasAlias(word: string, forms: ReadonlySet<string>): boolean {
  return (groupsOf.get(word) ?? []).some(({ group }) => group.some((alias) => forms.has(alias)));
}
