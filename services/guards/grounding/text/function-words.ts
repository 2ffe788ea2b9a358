/**
 * Words that carry no claim of their own, in nine languages: articles,
 * pronouns, prepositions, auxiliary verbs. Accents are folded. Which
 * language's are used tells the language of a text.
 */
const lists = {
  en: `a about above across after again against ah all almost alone along already also although always am among an and
    another any anybody anyone anything anyway are aren't around as at away back be became because become becomes been
    before behind being below best better between both but by came can can't cannot certain certainly come could
    couldn't did didn't different do does doesn't doing don't done down during each either else enough especially even
    ever every everybody everyone everything except far few for from further furthermore gave generally get gets give
    given gives go goes going gone got had hadn't hardly has hasn't have haven't having he he's her here herself hers
    him himself his how however i i'd i'll i'm i've if in including indeed instead into is isn't it it's its itself
    just kind know known last later least less let let's like likely made mainly make makes making many may maybe me
    might mine more moreover most mostly much must my myself near nearly neither never new next no nobody none nor not
    nothing now of off often oh ok okay on once one ones only onto or other others otherwise our ours out over own part
    particular particularly per perhaps please possible put quite rather really said same say saying says see seem seemed
    seems several shall she she's should shouldn't since so some somebody someone something sometimes somewhat still
    such sure take taken takes than that that's the their theirs them themselves then there there's therefore these
    they they're thing things this those though through throughout thus to together too took toward towards
    under unless until up upon us use used uses using usually various very via want was wasn't way we we're well went
    were weren't what what's whatever when where whereas whether which while who who's whole whom whose why will with
    within without won't would wouldn't yeah yes yet you you're your yours yourself know think n't s t ll re ve d m lrb rrb`,
  de: `aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bereits bis da damit dann
    das dass dein deren des dem den der dessen die dies diese diesem diesen dieser dieses doch dort du durch ein eine
    einem einen einer eines er es etwa fur gegen gibt haben hat hatte hatten hier hinter ihm ihn ihnen ihr ihre ihrem
    ihren ihrer ihres im immer in ins ist jede jeden jeder jedes jedoch jetzt kann kein keine keinen konnen konnte
    konnten man mehr mein mit muss nach nicht nichts noch nun nur ob oder ohne sehr sei seien sein seine seinem seinen
    seiner seines seit sich sie sind so sollte sowie uber um und uns unter vom von vor wahrend war waren warum was
    weil welche welcher wenn werden wer wie wieder wir wird wo worden wurde wurden zu zum zur zwischen`,
  fr: `a afin ai ainsi alors apres au aucun aussi autre autres aux avait avant avec avoir c ce cela celle celui ces cet
    cette ceux chez comme contre d dans de depuis des deux donc du elle elles en encore entre est et etait etaient ete
    etre eu fait il ils j je jusqu l la le les leur leurs lors lui m ma mais meme mes moins mon n ne ni nos notre nous
    on ont ou par parce pas pendant peu plus pour qu quand que quel quelle qui quoi s sa sans se selon ses si son sont
    sous sur ta te tous tout toute toutes tres tu un une vers voici votre vous y`,
  es: `a al algo algunos ante antes asi aun aunque bajo bien cada como con contra cual cuando de del desde donde dos
    durante e el ella ellas ellos en entre era eran es esa ese eso esta estaba estan estar este esto estos fue fueron
    ha habia han hasta hay la las le les lo los mas me mi mientras muy nada ni no nos nosotros o otra otro otros para
    pero poco por porque que quien se sea segun ser si sido sin sobre son su sus tal tambien tan tanto te tenia tiene
    tienen todo todos tras tu un una uno unos y ya yo`,
  it: `a ad ai al alla alle allo anche ancora avere aveva c che chi ci come con contro cosi cui d da dagli dai dal dalla
    dalle degli dei del della delle dello di dopo dove due e ed era erano essere fra fu furono gia gli ha hanno i il in
    io l la le lei li lo loro lui ma mentre mi molto ne negli nei nel nella nelle no noi non o ogni ora per perche pero
    piu poi prima quale quando quanto quella quello questa queste questi questo se secondo sempre senza si sia sono
    sopra sotto stata stati stato su sua sue sugli sul sulla suo suoi tra tutta tutti tutto un una uno vi`,
  pt: `a ao aos apos as ate com como contra da das de dela dele depois desde do dos e ela elas ele eles em entre era eram
    essa esse esta estao estava este foi foram ha isso isto ja la lhe mais mas me mesmo muito na nao nas nem no nos nossa
    o onde os ou para pela pelas pelo pelos por porque quando que quem se sem ser seu seus sido so sobre sua suas tambem
    tem tinha todos um uma`,
  nl: `aan al alle als bij daar dan dat de deze die dit door een en er ge geen had hadden haar heb hebben heeft hem het
    hier hij hoe hun ik in is je kan kon konden maar meer men met mijn moet na naar niet nog nu of om omdat onder ons ook
    op over te tegen ten tot tussen uit van veel voor waar was waren wat we wel werd werden wie wij worden wordt zal ze
    zich zij zijn zo zonder zou`,
  pl: `a aby ale bardzo bez bo by byc byl byla bylo byly ci co czy dla do go gdy gdzie i ich im innych ja jak jako je
    jednak jego jej jest jeszcze juz kiedy kto ktora ktore ktory ktorych lub ma moze na nad nie niz o od oraz po pod
    podczas przed przez przy sa sie ta tak takze tam te tego tej ten to tylko tym u w we wiele wszystkie z za ze zostal`,
  sv: `alla att av de dem den denna det detta dig din du efter ej eller en ett for fran han hans har hade hon i icke inte
    jag kan man med men mot nar nu och om pa sa samt sedan sig sin sina som till under upp ut utan vad var vara varit vi
    vid`,
} as const;

export type Language = keyof typeof lists;

const none: readonly Language[] = [];
const languages = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv"] as const satisfies readonly Language[];
const languagesOf = new Map<string, readonly Language[]>();
for (const language of languages)
  for (const word of lists[language].split(/\s+/))
    languagesOf.set(word, [...(languagesOf.get(word) ?? none), language]);

/** The languages in which a word is a function word. */
export function languagesWith(word: string): readonly Language[] {
  return languagesOf.get(word) ?? none;
}
