/**
 * Frequent English words of three letters and more, from A to L: what a text is taken to
 * mean as it stands. Such a word is never corrected, and a code must make more
 * of them than the text itself to count as one.
 */
export const commonWordsAToL: readonly string[] = `
  abandoned abiding abilities ability able aboriginal about abroad absolute absolutely abstract abundant abuse
  academic academy accept acceptance accepted accessible accident accompanied accomplish accomplished according
  account accounts accuracy accurate accurately accused achieve achieved achievement achievements achieving
  acknowledged acquired acquisition across act acted action actions active activist activities activity actor
  actress acts actually adams adaptation adapted add added adding addition additional additionally addressing adds
  adequate adherence adjacent adjust administered administration admission admit admitted adopt adopted adoption
  adults advance advanced advancement advancing advantage adventure advertisements advertising advice advocate
  affairs affect affecting affection affirmative africa african again against age aged agencies agency ages
  aggressive ago agree agreed agreement agricultural agriculture ahead aid aids aim aimed aims air aired airport
  alan albany album alex alice alien alike all allegations alleged allies allow allowed allows ally almost alone
  along already alternate alternative although altogether amazon ambition amendment america american americans
  amidst among amount amy analysis analyze ancestors anchor ancient and andrew anew angela angeles animal animals
  animated animation anniversary announce announced annual another anthony anti anxiety any anyone app apparent
  appeal appeals appear appearance appearances appeared appearing appears apple application applied apply applying
  appoint appointed appointment appointments appreciate apprehension approach approaches appropriate april ardent
  are area areas argentina argument arguments arm armed arms army around arrangement arrangements arrest arrested
  arrived art article articles artist artistic artists arts asia asian ask asked asking asks aspect aspects
  aspirations assembled assembly assert assigned assist assistance associated association assume assuming assurance
  assure assured atlanta atlantic attachment attack attacked attacks attempt attempts attend attended audience
  august australia australian author authorities authority available average avoiding award awarded awards aware
  away back background bad balance balanced ball band bank banking bar barred barriers base based basic basis
  basketball battle bbc beach bear bearing beat beautiful beauty became because becomes becoming beer began begun
  behalf behavior behind being belgian belief beliefs believe believed believes belong belonging belongs beloved ben
  beneath beneficial benefit benefits benign besides best better between beyond bible big biggest bill billion bin
  bind bird birth birthday bit black blair bless blessed blood blow blue board bob bodies body bold bomb bond bonds
  book books borders born boss boston both bound bounds box boxing boy brain branch brand brave break breaking
  breathe breed bridge brief briefly bright brilliant bring brings britain british broad broadcast broader broke
  broken brother brought brown budget build building buildings built bureau bus bush business businesses businessman
  but buy cabinet california calls calm came camera camp campaign can canada canadian candy capabilities capable
  capacity capital captivating capture car card care career careful carefully carolina carried carry carrying cars
  case cases cash cast casual caught cause caused causes causing celebrate celebrated celebration census center
  centers central centuries century ceo ceremony certain certainly chain chains chairman challenge challenges
  championship chance chancellor change changed changes changing channel channels chapter characteristics charged
  charges charismatic charles charlie chart charter check cherished chicago chief child children china chinese
  choice choices choose chosen christian church cia cinematic circle circumstances cities citizen citizens city
  civil civilization claim claimed claims clarify clark class classes clear clearly cleveland clients climate
  clinton close closed closely coach coast coffee cola cold collapse collect collected collection collective college
  color colorado colored colors columbia combat combinations come comedy comes comfort comic coming comment
  commentator commerce commercial commission commit commitment committed committee common commonly commonwealth
  communicate communication communications communism communities community compact companies company compared
  compassion compelling competition completed completion complex complexities complexity compliance compose composed
  composite comprehensive computer conceived concept conception concepts concern concerned concerning concert
  conclusion concrete condition conditions conduct conducted conducting confederation conference confidence
  confident confidently confirmed conflict conflicting conflicts confront congress connection conquer conscientious
  conscious consciousness consent consequence consequently conservative consider consideration considered
  considering consistent consistently consists constant constantly constitute constitution construction consume
  consumer contact contain containing contains contest contests continent continents continue continued continues
  continuing contract contrary contrast contribute contributed contributions control controlled controversial
  controversies convenience convention convicted conviction convictions convince convinced cook cooking cool
  copyright cordial corporation correct corrected correction corruption cost costs could counsel count counter
  countries country county couple courage course court courts cousin cover covers crack craft create created
  creating creation creative creativity creator credit creed crime criminal crisis critic critical critics cross
  crucial crush cry csv cuban cultivate cultivated cultural culture curiosity curious currency customer customs cut
  cybersecurity cycle daily damage damaged damn danger dangers dark data date daughter david davis dawn day days
  dead deal dealing dealings dealt dear death debate debt debut decades december decent decide decided decides
  decision decisions decisive declare declared dedicated dedication deemed deep deeper deepest deeply def defeat
  defend defended defending defense define definite definition degree delay delayed delicate deliver delivered
  delivery demand demanded demands democracy democratic demonstrated den denied deny denying department departments
  departure depends depression depth derived describe described description descriptions deserves design designed
  designer designing desired despite destination destroy destroyed destruction destructive detail detailed details
  determination determine determined develop developed developing development device devise devoted dialogue did
  didn died differ difference differences different difficult difficulties difficulty digital dignity diligent
  dinner direct directed directing directly director disaster disasters discord discovered discovery discrimination
  discuss discussing discussion discussions disease dish disney disorder dispose dispute disputes distance distinct
  distinction distinctive distinguished distributed district districts disturbed diverse diversity divided divine
  division divisions doctor document documentary doesn dog doing dollar dollars domain domestic don donald done
  doors doubt down draft drama dramatic draw drawn dread dream dreams dressed drink drive driven driver driving drop
  dropped drug drugs drummer due duration during dutch duties duty dying each eager eagle early earn earned earnings
  earth easier easily east eastern easy economic economically economy edge editor educated education educational
  edward effect effected effective effectively effects efficiency efficient effort efforts eight either elaborate
  elect elected election elections element elements eliminate elizabeth else elsewhere embrace emerged emergency
  emotional emotionally emotions empire employ employed employee employees employment enacted encounter encourage
  encouraged encouraging end endanger endeavor ending ends endure enduring enemies enemy energy enforced enforcement
  engage engaged engaging england english enhance enjoy enjoyed enlarged enough ensure enter entered enterprise
  entertaining entertainment entitled entity entrepreneur environment epic episode equal equality equitable
  equivalent era eradicate error errors especially essay essence essential essentially establish established
  establishment esteemed estimate estimated estimates ethnic euro europe european evasion even event events
  eventually ever every everyday everyone everywhere evidence exact example examples except exception exchange
  excited excitement exciting excluded exclusive exclusively excuse executed execution executive exercise exist
  existed existence exists expand expanding expansion expect expectations expected expense expenses experience
  experienced experiences experiment expertise explain explanation exploration explore explores exploring exposed
  express expressed expressing expression extend extended extension extensive extent extra extract extraordinary
  extreme eye eyes face faced faces facilities facility facing fact factories factors factory facts fail failed
  failure fair fairly fairness faith faithful faithfully fall fallen falling falls false fame families family famous
  fan fans fantasy far farm fascinating fashion fast fatal fate father fathers favor favorable favorite fbi fear
  fearless fears feature features featuring february federal feed feel feeling feelings feels feet fell fellow felt
  female ferry fervent few field fields fifty fight fighting figure figures file filed fill filled film films final
  finally finance financial find finding findings finds fine fire firm fiscal fish fit fitness fitting five fixed
  flaws flight florida flow fly focus focused focusing food football for force forced forces forecast foreign forest
  forests forge forgotten form format formation formed formerly forms formula foster fought found foundation founded
  founder founding four fourth fox frame framed framework france franchise frank franklin fraternal fraud frederick
  free freely french frequently fresh friday friend friendly friends friendship front fuel fulfill fun fund
  fundamental funds funny further future futuristic gain gained gaining gains game games garden gas gates gather
  gave gay gender general generally generate generation generations genius genocide george georgia german germany
  get gets getting giant gift gifts girl girlfriend girls giving glad glass global globe glory goal goals god goes
  going gold golden gone good goods google got govern governed governing government governments governor gradually
  graham grand gratitude grave gravity great greater greatest greatness green grew ground grounds group groups grow
  growing grown grows growth guard guide guides guilty gun habits had hair half hall hand handed handle hands happen
  happened happily happiness happy harbor hard hardship harmless harmonious harmony harrison harry harsh has hat
  hate hateful hatred having hawaii head headquarters heads heal health healthcare healthy hear heard hearing heart
  hearts heated heaven heavily heavy held hell help helped helpful helping helps hence her here heritage hero heroic
  hey high higher highest highlighting highly hillary him himself his historic historical historically hit hold
  holder holding holds hole holy home homes honest honesty hong honor honored hope hoped hopeful hopes horror
  hospital hostile hot hotel hour hours house houses housing how humane humanity humans humble humbly humor hundred
  hundreds hungry husband idea ideals ideas identified identify ill illicit images imagination immediate immediately
  immigrants immigration impact implement implications importance imposed impossible impressive improve improved
  improvement inadequate inappropriate inauguration inc incident included includes including inclusive income
  incorporated increase increased increasing increasingly indeed independence independent index india indian indiana
  indians indicated individual individuals indulgence industrial industries industry inevitable inflation influence
  influenced influences influential information inhabitants inheritance initiative initiatives injured injuries
  injury innovation innovative inquiry inside insight insights insist inspiration inspire inspired inspiring
  instance instances institution institutions instructor instruments insurance integrity intellectual intelligent
  intended intense intention intentions interest interested interesting interests interference interior
  international internet interpretation interview intimate into intricate intriguing introduce introduced
  introduction invade invasion invest invested investigate investigation investing investment investors invoking
  involve involved involves involving iraq irish iron islamic island islands isn isolation israel issue issues
  italian italy its itself jack jackson james jane january japanese jazz jeff jefferson jim job jobs joe john
  johnson join joined joint jones jordan joseph journal journalist journey json judge judged judges judgment
  judicial july jump june justice justified justify kansas keep keeping keeps kennedy kent kept kevin key kids kill
  killed killing kim kind kindly kindness kinds king kingdom kings knew know knowing knowledge known knows kong
  korea label labor lack lady land large largely larger largest lasting lasts late lately later latest latter
  launched law lawful lawrence lawyer lay lead leader leaders leadership leading leads league learn learned learning
  least leave leaves leaving led lee left legally legend legendary legislation legislative legislature legitimate
  lend length less lesson lessons let level levels lewis liberal liberty library license lie lies life lifestyle
  lifetime lift lifted light lights like likely limited lincoln linked list listed listen lit literary literature
  little live lived lives living local located location london long longest look looked looking looks loose lord los
  lose loss losses lost lot love low lower loyal ltd
`
  .trim()
  .split(/\s+/);
