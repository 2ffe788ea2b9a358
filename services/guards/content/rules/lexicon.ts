/**
 * The words that rules on abuse speak of, each with the letter of its class, so
 * that a sentence can be read as a short string of letters (read-classes.ts).
 * Folded; a phrase wins over the words in it. A letter is what a word is in
 * such a sentence, and says nothing by itself.
 */
import { slurs } from "./slurs.ts";

/** By letter, or by two for what is written as one word. */
const classes: readonly (readonly [letters: string, phrases: string])[] = [
  ["S", slurs],
  // Groups that people belong to by birth, faith, sexuality or body.
  [
    "G",
    "jews | jewish people | the jew | muslims | muslim people | christians | hindus | sikhs | buddhists | catholics | arabs | blacks | black people | black men | " +
      "black women | black kids | the black race | black race | africans | african americans | asians | asian people | chinese people | the chinese | indians | " +
      "mexicans | latinos | hispanics | whites | white people | gypsies | roma | tutsis | kurds | armenians | palestinians | israelis | immigrants | migrants | " +
      "immigrant | migrant | refugees | asylum seekers | foreigners | gays | gay people | gay men | gay couples | lesbians | homosexuals | queers | bisexuals | trans people | " +
      "trans women | transgender people | transsexuals | women | females | disabled people | the disabled | handicapped people | cripples | autistic people | " +
      "blind people | deaf people | pakistanis | turks | japanese people | native americans | aboriginals | minorities",
  ],
  ["P", "they | them | those people | these people | that kind | their kind | all of them"],
  ["PB", "they're | theyre"],
  ["Y", "you | u | ya"],
  ["YB", "you're | youre | ur"],
  ["y", "your"],
  ["F", "i | we"],
  ["FB", "i'm | im | we're"],
  // Other people.
  [
    "O",
    "him | her | people | everyone | everybody | anyone | somebody | someone | humans | woman | man | girl | boy | kids | children | child | family | mother | father | parents | " +
      "wife | husband | teacher | teachers | mayor | president | judge | judges | police | cops | cop | politicians | politician | journalists | journalist | reporters | " +
      "doctors | neighbours | neighbors | neighbour | neighbor | liberals | conservatives | democrats | republicans | bankers | landlords | students | classmates | " +
      "coworkers | colleagues | strangers | lawyers | ceos | ministers | minister",
  ],
  [
    "N",
    "not | no | never | don't | dont | doesn't | didn't | isn't | aren't | wasn't | weren't | won't | can't | cannot | shouldn't | mustn't | wouldn't | couldn't | nobody | " +
      "no one | none | nor | neither | without | stop | no more | refuse to | some | few | several | not all | against | tried to | trying to | nobody should",
  ],
  ["B", "is | are | am | be | been | being | remain"],
  [
    "M",
    "should | must | shall | ought to | need to | needs to | have to | has to | deserve to | deserves to | deserve | deserves | better",
  ],
  [
    "K",
    "killed | exterminated | gassed | hanged | hung | shot | lynched | burned | burnt | slaughtered | eradicated | wiped out | put down | castrated | sterilized | sterilised | " +
      "raped | beaten | stoned | beheaded | tortured | culled | murdered | executed | strangled | drowned | enslaved | annihilated | stabbed | destroyed | wiped off the earth",
  ],
  [
    "k",
    "kill | liquidate | exterminate | gas | hang | shoot | lynch | burn | slaughter | eradicate | wipe out | murder | rape | behead | stab | cull | castrate | purge | strangle | " +
      "execute | annihilate | poison | torture | drown | stone | death to | get rid of | rid the world of | kill off | destroy",
  ],
  ["X", "die | burn in hell | drop dead | perish | rot | suffer | rot in hell"],
  [
    "J",
    "deserve to die | deserves to die | must die | should die | need to die | have to die | deserve to burn | deserves to burn | should burn | must burn | deserve death | " +
      "should not exist | shouldn't exist | do not deserve to live | don't deserve to live | have no right to live | has no right to live | have no right to exist | deserve to be shot",
  ],
  [
    "D",
    "vermin | cockroach | cockroaches | rats | parasites | parasite | leeches | subhuman | subhumans | sub human | animals | beasts | apes | monkeys | savages | filth | scum | " +
      "garbage | trash | a cancer | a disease | a plague | a virus | pests | maggots | insects | swine | dogs | not human | not even human | less than human | hardly human | not people | " +
      "inferior | waste of space | waste of oxygen | waste of air | demons | devils | degenerates | degenerate | abominations | abomination | mistake of nature | mistakes of nature | the enemy of mankind",
  ],
  [
    "C",
    "terrorists | criminals | rapists | thieves | murderers | pedophiles | paedophiles | liars | whores | sluts | perverts | too stupid to | too dumb to | too lazy to | worthless | " +
      "evil | the devil | disgusting | filthy | mentally ill freaks | freaks | idiots | morons | stupid | bloodsuckers | invaders | traitors | groomers",
  ],
  [
    "L",
    "belong in the kitchen | belong in a zoo | belong in cages | belongs in the kitchen | belong in prison | don't belong here | do not belong here | don't belong in this country | " +
      "do not belong in this country | don't deserve rights | do not deserve rights | deserve no rights | should have no rights | should not be allowed to have children | " +
      "should not be allowed to vote | should not be allowed to marry | should not be allowed to adopt | should not be allowed to breed | should not be allowed to work | " +
      "should not be allowed to live | should not have rights | should not have children | should know their place | should go back where they came from | should never have been allowed in | " +
      "ruin everything | are ruining this country | are destroying this country | are not welcome here",
  ],
  ["l", "go back to your country | go back to your own country | go back where you came from | go back to africa"],
  [
    "d",
    "dirty | filthy | disgusting | stupid | fucking | fuckin | goddamn | goddamned | damn | smelly | lazy | worthless | greedy | vile | useless | ugly | fat | pathetic | dumb | " +
      "miserable | retarded | damned | bloody | nasty | stinking | sick | brainless | spineless | rotten | degenerate little | pathetic little | crazy | little",
  ],
  [
    "I",
    "idiot | idiots | moron | morons | imbecile | bitch | bitches | whore | slut | cunt | cunts | asshole | assholes | arsehole | bastard | loser | losers | dickhead | shithead | " +
      "piece of shit | pieces of shit | piece of garbage | piece of trash | pig | pigs | scumbag | dumbass | worm | motherfucker | twat | wanker | prick | retard",
  ],
  [
    "A",
    "all | every | every last | these | those | the | any | a | an | that | this | my | our | of the | them all | each",
  ],
  [
    "E",
    "nothing | but | just | only | basically | literally | simply | really | such | bunch | pure | total | complete | actual | more | than | most | too | so | very | as | " +
      "worse than | no better than | nothing more than | nothing but | born | creatures | people | absolutely | truly | even | up | right | now | always | actually | honestly | i say | god | out",
  ],
  [
    "W",
    "i will | i'll | i am going to | i'm going to | im going to | i'm gonna | im gonna | i am gonna | we will | we'll | we are going to | we're going to | we are gonna | i want to | " +
      "i wanna | we want to | i hope | i wish | we hope | let's | lets | let us | it is time to | it's time to | time to | go out and | go and | someone please | somebody please | somebody | " +
      "someone should | somebody should | someone needs to | somebody needs to | please",
  ],
  [
    "U",
    "hate | hates | despise | loathe | detest | can't stand | cannot stand | cant stand | am disgusted by | want to kill",
  ],
  // Frames: whoever reports words is not the one who says them.
  [
    "R",
    "said | says | say | saying | call | called | calls | calling | claim | claims | claimed | claiming | wrote | writes | writing | written | shouted | shouting | yelled | yelling | " +
      "chanted | chanting | the word | the words | the term | the phrase | the sentence | the slogan | the myth | myth | the idea that | idea that | the lie that | belief that | believed | " +
      "believes | believing | told | tells | argued | argues | ruled | quote | quoted | posted | tweeted | accused | threatened | threatening | whispers | sings | " +
      "lyrics | screamed | replied | answered | heard | hear | decreed | declared | preached | taught | stated | suggests | suggested | implies | implied | thought that | think | thinks | report | reports | reported | " +
      "example | examples | such as | does it mean | why do people | if someone | if somebody | translate | translates",
  ],
  [
    "Q",
    "racist | racism | sexist | sexism | antisemitic | anti semitic | homophobic | transphobic | islamophobic | xenophobic | bigoted | hate speech | stereotype | stereotypes | propaganda | " +
      "condemned | condemn | condemns | slur | slurs | offensive | derogatory | hateful | prejudice | is wrong | are wrong | not true | untrue | refuted | debunked | unacceptable | " +
      "incitement | convicted | arrested | sentenced | charged | nazi | nazis | hitler | third reich | historian | historians | genocide | discrimination | victims | ashamed",
  ],
  // Hurting oneself.
  [
    "z",
    "kill yourself | kys | hang yourself | slit your wrists | cut your wrists | end your life | end your own life | take your own life | cut yourself | drink bleach | hurt yourself | " +
      "shoot yourself | jump off a bridge | end it all tonight | neck yourself | off yourself | starve yourself",
  ],
  [
    "x",
    "kill myself | killing myself | end my life | end my own life | hang myself | take my own life | taking my own life | shoot myself | cut my wrists | slit my wrists | commit suicide | " +
      "want to die | wanna die | wish i was dead | wish i were dead",
  ],
  ["H", "how | way | ways | method | methods | here is how | this is how"],
  ["T", "to"],
  ["r", "of | on | for | about | against | with | from | by | towards | toward | in | at | like"],
  ["f", "fuck | screw"],
  ["o", "go | and | then | just | so | simply"],
  // Violence.
  [
    "v",
    "slit your throat | cut your throat | slit his throat | slit her throat | break your neck | break your legs | break every bone | put a bullet in | beat you to death | beat you until | beat him to death | " +
      "beat her to death | beat the shit out of you | beat you up | hurt your children | hurt your family | hurt your kids | smash your face | burn you alive | make you bleed | kill your family | " +
      "cut your head off | cut off your head | rip your head off | hunt you down | skin you alive",
  ],
  ["e", "bomb | blow up | burn down | torch | shoot up | set fire to"],
  [
    "p",
    "mosque | synagogue | church | school | clinic | hospital | embassy | parliament | capitol | police station | courthouse | house | temple | town hall | office | abortion clinic | mall | stadium | station",
  ],
  [
    "g",
    "intestines | entrails | disembowelled | disemboweled | gouged out | gouged | skinned him | skinned her | skinned alive | flayed | severed head | severed neck | severed | blood sprayed | blood spurted | " +
      "blood gushing | blood gushed | gushing | spurted | splattered | mutilated | mutilated corpse | hacked her | hacked him | hacked to pieces | ripped out | cut off his fingers | cut off her fingers | " +
      "bathed in the blood | drank the blood | screamed in agony | dismembered | guts spilled | entrails spilled | brains splattered | decapitated | impaled | torn apart | gutted",
  ],
  [
    "c",
    "nobody loves you | no one loves you | nobody will ever love you | no one will ever love you | everyone hates you | everybody hates you | better off without you | better place without you | " +
      "no one would miss you | nobody would miss you | nobody will miss you | you are worthless | you're worthless | ashamed to be alive | i hope you die | i hope you suffer | " +
      "should have aborted you | wish you were dead | you were never born | you deserve to die | you don't deserve to live | you do not deserve to live | you deserve to suffer | " +
      "laugh at you behind your back | laughs at you behind your back | you deserve every bad thing | nobody wants you here | nobody likes you | no one likes you",
  ],
  // What sounds like one of the above and is none.
  [
    ".",
    "shoot you an | shoot you a | shoot me an | shoot him an | shoot her an | kill it | kill time | kill two birds | could kill myself for | kill the process | burn you a | hang out | hang on | hang up | " +
      "killed it | shot from | shot on | shot in | shot at | shot with | shot by | right to | better than | all right | some of the | of course | gas station | natural gas | gas stove | hung up | like to | " +
      "white house | kill you with kindness | kill you to | shoot you a text | the die | die hard | dogs and | cats and | rats and",
  ],
];

/** By phrase; a later class wins over an earlier one. */
export const lexicon: ReadonlyMap<string, string> = new Map(
  classes.flatMap(([letters, phrases]) => phrases.split(" | ").map((phrase) => [phrase, letters] as const)),
);
