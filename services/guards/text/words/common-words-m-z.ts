/**
 * Frequent English words of three letters and more, from M to Z: what a text is taken to
 * mean as it stands. Such a word is never corrected, and a code must make more
 * of them than the text itself to count as one.
 */
export const commonWordsMToZ: readonly string[] = `
  mad magazine magic magical magnificent magnitude mail main maintain maintaining majesty major majority makes
  making man manage managed management mandate manhattan manifest mankind manner manufacturer manufacturers
  manufactures manufacturing many march marched margin marine mark marked market marketing markets marks married
  mars martial martin marvel mary mass massachusetts master masterpiece match material materials matter matters
  mature max may maybe mayor mean meaning means meant meantime measure measures mechanics media medical medicine
  meditation medium meet meeting meets member members memorial memories memory men menace mental mentioned mercy
  merely met method methods michael michelle microsoft mid middle might mike mild mile miles military million
  millions mind mindful minds mine mines mining minister minor minority minute mir mischievous miss mission missions
  mississippi mixed mobile moderate modern moment moments monday monetary money monroe month monthly months moreover
  morning mother mothers motion motive mountain mountains move moved movement movements moves movie movies moving
  mrs much multi multiple municipal murder music mutual myself mysterious mystery names narrative nasdaq nation
  national nations native natural nature naval navigation navy nba near nearby nearly necessarily necessary
  necessity need needed needs negative neighbor neighborhood neighbors neither nelson network neutral new news
  newspaper night nine nixon noble noise nominated nomination non none nor normal north not noted notes novel
  novelist novels november now nowhere nuclear number numbers numerous obama object objections objective objects
  observe observed observing obstacles obtain occasionally occur occurred occurrences ocean october off offer
  offering offers office officer officers offices official officially officials often oil old older olympic once one
  ones online onto open opened opening opera operate operated operates operating operation operations opinion
  opinions opponent opponents opportunities opportunity oppose opposed opposition option options ordered ordinary
  organization organized origin other others our ours ourselves out outline outside over overall overcome
  overwhelming own owner pacific page paid pain palm panel paper parallel parameters paramount parent parents paris
  park parliament part partial participate participation particular particularly parties partisan parts party pass
  passage passed passing path patient patients patricia patrick patriots patronage paul pay paying payment payments
  peace peaceful peculiar peer pen people peoples per percent perfect perfectly perform performance performed
  performing perhaps perils period periods permanent permanently permitted perpetual person personal persons
  perspective persuasive peter phase philadelphia philip phone phrase phrases physical physics piano pick picture
  pictures pieces pierce place placed places plain plan planet planning plans plant plants platform played player
  players plays pleased pleasure pledge pledged plenty plot plus poem poet poetry point points poison poland police
  political politician politics poor pop popular population populous portion portions position positions positive
  possess possessed possibility possible possibly potent potential potentially potter poverty power powered powerful
  powers practicable practical practice practices pre precious precise prefer prejudice prejudices prepare prepared
  preparing prescribed prescription present presentation presented presenting presents preservation preserve
  preserved preserving president presidential press pressing pressure pretty prevent price prices pride primarily
  primary prime prince princess principal principle principles prison privacy private privilege privileges probably
  problem problems proceed processes produce produced producer producers producing product production productions
  productivity products professional professor profile profit profits profound program programs progress progressive
  project projects prominent promise promises promote promoting promotion promptly proof proper properly property
  proposal propose proposed prosperity protect protecting protection proud prove proved provide provided provides
  providing province provision provisions psychological psychologist public publication published punch punishment
  pure purely purity purpose purposes pursue pursuing pursuit push pushing put putting python qualities quality
  quarter queen quest questioned quick quickly quiet quite race races racial racing racist radio raise raised
  raising ran rank ranks rapid rapidly rare rate rated rates rather raw reach reached reaching read readers ready
  realistic reality realized really reason reasonable reasoning reasons receive received recent recently recognition
  recognize recognized recommendation recommendations record recorded recording records recovery red redemption
  reduce reduced reducing refer reference referred reflect reflection reform reforms refused regarded region
  regional regions registered regular regulate regulation regulations reign rejected relate related relation
  relations relationship relationships relative release released relief relieve religion religious rely relying
  remain remained remaining remains remarkable remedies remedy remember remembering remind remote removed renewed
  repair report reported reporting reports representation representative representatives represented representing
  republic republican republicans reputation require required requires research reserve reserved resident resist
  resolution resolve resort resource resources respect respected respectful respecting respective respectively
  respects responsibilities responsibility responsible rest restaurant restore restored result resulted resulting
  results retired retirement retreat return returned revealed revenue revenues reverse review reviewed reviews
  revolution revolutionary rich richard right rights rigid ring rise rising risk risks rival river rivers road roads
  robert rock rogers roll roman romantic roof room roosevelt rose roth round routine rowling royal run runner
  running runs rural russia russian sacred sacrifices sadness safe safeguard safely safer saint sake sales sam same
  san satisfaction satisfying saturday save saved savings saw say says scale scene scheme schemes scholar school
  schools science scientific scientist scientists scott screen screenplay screenwriter sea search searching season
  seat second secretary section sections secure securing securities security see seek seeking seeks seem seemed
  seems seen sees select selected self selfish sell selling senate senator senior sense sensitive sent sentiment
  sentiments separate september series serious seriously servant serve served serves service services serving
  session set setting settled settlement seven seventh several severe sexual shall shape shared shares sharing sharp
  she shed ship shoot shooting shop shopping shores short shortly shot shown shy side sight sign signed significance
  significant signs silence similar simple simply since sincere singapore single singles sinister sister sit sitcom
  site situation situations six sixth size skill skills skin sky slave slavery slightly slope slow small smaller
  smart smith smoke smooth soap soccer social society soft software soil solar sold soldier soldiers sole solely
  solid solution solutions solve solved some someone something sometimes son song songs soon sought soul sound
  sounds soundtrack source sources south southeast southeastern southern sovereign soviet spa space spanish speaker
  speaking special specialized specializing species specific specifically spectacle speech speed spend spent sphere
  spirit spiritual split spoke spoken sports spread spring spy stability stable stadium staff stage stake stand
  standard standards standing stands star stars state stated statement states station stations statistics status
  steady stealing step steps stern still stock stocks stone stood stopped store stores stories storm storytelling
  strange stranger strategies strategy street streets strength strengthen strict strictly strife strike striking
  string strong stronger struck structure structures struggle struggles struggling student students studies studio
  study studying stunning style stylized subject subjects subordinate substance subtle subtly succeed success
  successful successfully such suffer suffered suffering suggest suggested suggesting suggestions suggests suicide
  suitable suited sum summer summon sun super superhero superior supernatural supplement supply support supported
  supporting supports suppose supposed suppress supreme sure surely surface surprise surrendered surrounding survey
  survival survive surviving survivors suspect suspicion sustain sustainable sustained sweet swift sword sworn
  symptoms systems tag taken takes taking tale talent talking target targeting tasked taught tax taxes taylor teach
  teacher teaching team tech technical technique techniques technological technologies technology television tells
  temporary ten tend tendencies tennis tens tension tenure term termination terms territorial territory terror
  terrorism terrorist test texas than thank thanks the theatre their theirs themes themselves theory there thereby
  thing things think thinking third thirty thomas thorough though thought thoughtful thoughts thousand thousands
  threat threatened threatening threatens threats three thrill thriller thrilling through throughout thus tide ties
  tim time times tips title titles today together tom tomorrow tone tony too took top topic topics total totally
  touch touching tour toward towards tower town track trade trading tradition traditional traditions traffic train
  transfer transition transportation travel traveling treason treasure treasures treasury treat treated treatment
  treaty tree trees tremendous trial tribe tribute tried trip triumph troops tropical troubled truly trump trust
  truth truths try trying tuesday turkish turmoil turn turned turning turns twenty twice twist twitter two type
  typical typically ukraine ultimate ultimately unable uncertain unchanged unconventional under underground
  understand understanding understood undertake undertaken undertaking unemployment unfortunate union unique unit
  united unity universal universe university unjust unknown unless unlike unusual upcoming upheld uphold upon upper
  urban urge urged usa use used useful uses using usually utmost valley valuable value values van variety various
  vast vehicles venture verdict very via vice victims victory video videos vietnam view views village vincent
  violation violence violent virginia virtual vision visit visual vital vitality vivid voice volume von vote votes
  voting vulnerable wage wait waiting walk wall want wanted wanting wants war warm warned wars was washington waste
  watch watched watching water waters wave way ways weak weakened weakness wealth weapons wear wearing web week
  weekend weekly weeks weight welcome welfare well went were west western whether while white who whom whose why
  wide widely widespread wife william willing willingness win winning winter wisdom wise wisely wish wishes wit
  withheld within witness witnessed woman women won wonder wonderful work worked workers working workplace works
  world worldwide worried worse worst worth would wouldn wounded wow wrestling writer wrong year years yes yesterday
  yet yield york you young younger yourself youth
`
  .trim()
  .split(/\s+/);
