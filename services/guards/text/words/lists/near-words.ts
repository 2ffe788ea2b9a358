/**
 * Words that are one letter away from a word of a signature and mean something
 * else. They are what they are: correcting them would put words in mouths.
 */
export const nearWords: readonly string[] = `
  abode accesses aches aching acing adheres adverse agenda albert alerted ales align allays allen alleys allie alto
  altos amended amin andes andre andres anger angered angers angry anvil apologise apologized apologizes approver
  approves argent armful ashore assess aster attackers attentions authorised authorize authorizes autopilot averse
  aversion avert avid balk balled balls basking bataan bean beans beast beef begging beginnings behaves bell bellow
  bend bends berate beset bidden billow blast bleach bleak boast boot border bore breath browsers bully bust cake
  caller canceled canceling cancelling cancer candidates cannon cannons canon carl cave caves cell censured centre
  chalk chapters charm chess chest chili choral chow cites clause clauses coded cody coed cole commandeer commander
  commandos commas commend commended commends comments compete comport concerts confirms conform conformation
  conforming contend contends contexts convent conversion conversions cope coral cord core crafter crescent crest
  cue culled currents dame dante dating dave deals debugger debugs debuts decade decider deciding declined decodes
  decoy decreased defensive despond detention deter devils devised diane dine disables discards disclosed discloses
  diseased dive doe dogs dole dose doses double doublet drained draining dust dwelling eagles ease eased easter
  eaters eating elena ember emit enables encodes encore ensor entering entice entirety eras eraser erases evacuating
  evils excess executes exiting explicitly exposes faction factional factual faint falter faltering famed farmer
  faster feast felling fellows fended fender fever filet filler fillers finisher finishes finnish firmer firsts
  fished fist fitter floral foes fold follower folly fools foot ford fore forged forges forgo forming forwards fred
  freedoms friction functional furnished fuser gadget galled geese gents ghost givers gloom grander grandfathers
  granite grantee grated guest gully gust halls hare harms hart haven haves heading heals hem hen hill hines hive
  hoes holes host humid hunt hut ibero ignite ignites illegally imagery imagined imagines imaging imitation immortal
  implicit imported impotent inactive inclined indie inert infirm informal informer informs insects inserted inserts
  inset inter interval intervals invert invited invitee invites invokes jest junction keen kite koran ladder lading
  laid lake lama lamed lanes lange languages lasers lash lasted laude laying leaf leaks leaky leal lean leap lease
  leases lecter lending lends lent lest lester lethal lettered lever liberally liberate lied likes limbs limes linea
  linens liners linger lingers linguistic linking lists liter litter loader loading lode lodger lonely loner longed
  lords lore loser losers lust machines maid male mall maned mantle mare masking massage massaged massages maximal
  maximus meal meals medal mended mentions mere messaged midden mint mire mist mister modal modality modeled
  modelling modem modest moist mold mole moles monte mood moods moore moped morale morally morel moron morons mortal
  mortality moses moss motel motels moth mott mules mural murals muse muses musk mute naked naming nasty nest nexus
  node nodes norma nose notching noticed notices noting notion novice oaken omits oral ores overrode pacing paint
  painting paints passes passport pasta pasted pastor pasty peak peaked peal pell pending pest phrased piles pill
  pilot pine pint pints placing plaint planing plaster plate plates plating plaza plea pleas pluto plying pointer
  pointing polar pole poles policed polices polite polity pool pools pore port pose pots pour pray prayed praying
  precedent printer printers processor profess professing programme promoted prose prowess pulse putti quell quota
  quoted rafter raging raid rained rake raking rant raping raving readying realm reaper reaping reapply rear rearing
  receding recited recline recoded recommends redding reed reels refuge refuses refute refuting regain regal regally
  regarding regards regent reheat reined relay relied relies remainders remand reminded reminders renders renter
  repaid repast repays repeal repealed repent replay replays replied reserves resets respite responders rested
  retention reuse reused revel reveled revels revered reverses reviled revise revises revision revived ridden rite
  roast rode rods rolex rolled roller rolls rome roost roosts rooted roots roses route router routes rubles rude rue
  ruined ruled ruler rulers rulings rust sail sand sanded saving sawing scenarios scrip scripted seal secrete
  secretes seed seeding seeds seize sensing sentenced sentience serber servers sever severs shake sharpe shave shelf
  shells shere shoes shops shore shots shouldn shout shoving showed shower showers shuts signore silent sink sites
  sittings slaying slop slowing smarts smell smiles snow soles sore sour sowing spare spate spay speck spelled
  spells spending spends spill sprint sprinting sprints spying stalk stamp stamped stamps stare stared stares
  staring stark starks starling starred starring starter startle startled startling starved starving stats stimulate
  stimulation stomp stony stools stoop stops storey stork storks stormy strain strained straining stray stuart
  submits sue summaries summit swords systemic tack talks tall tally tamed tampa tank tanks tape tart tarts tasking
  tasty taxed teen tenable tended tender tending tends tests textual thats thee theme therefor thesis theyre thin
  thirst threw tiles till tilling toads toast toes toil tokes tokyo toll tolling tons tops tore tory trailed
  trailing trainee trainings trains transit translated translator treading triggers trove truce truer unblock
  unction undated unlocks untied updates uploads urgently usher ushers vanished varnished veil vends vest vial vine
  violated violates walled walls waning ward wards warming warping warring websites weird wells wen weren whale
  wheat wherever whet wild wills wine wiped wired witch wives woken wood wore worlds worn writ writes writhen yall
  yelling yodel zeal zest
`
  .trim()
  .split(/\s+/);
