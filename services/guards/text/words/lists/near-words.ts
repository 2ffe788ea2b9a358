/**
 * Words that are one letter away from a word of a signature and mean something
 * else. They are what they are: correcting them would put words in mouths.
 */
export const nearWords: readonly string[] = `
  abode accesses aching acing adheres adverse agenda albert alerted ales allays allen alleys allie alto altos
  amended angry anvil apologized argent armful ashore assess aster attackers attentions autopilot averse avert balk
  balled balls basking bean beans beast beef begging beginnings behaves bell bellow bend bends berate beset bidden
  billow blast bleak boast boot border bore breath browsers bully bust cake cancer candidates cannon cannons canon
  carl cave cell centre chalk chapters charm chess chest choral chow cites clause clauses coded cody cole commandeer
  commander commandos commas commend commended commends comments compete confirms conform contend contends contexts
  conversion conversions cope coral cord core crafter crest cue currents dame dating dave deals debugger debugs
  debuts decade decider deciding declined decodes decoy decreased defensive despond detention deter devils devised
  dine disables discards disclosed discloses diseased dive doe dogs dole dose doses double doublet drained draining
  dust dwelling eagles ease easter eating ember emit enables encodes encore entering entice entirety eras eraser
  erases evils excess executes explicitly exposes faction factual faint falter famed farmer faster feast felling
  fender fever filet filler finishes firsts fished fist fitter floral foes fold folly fools foot ford fore forged
  forges forming forwards fred freedoms friction functional furnished fuser gadget galled geese gents ghost gloom
  grander grandfathers granite grated guest gully gust halls harms hart haven haves heading heals hem hen hill hines
  hive hoes holes host humid hunt hut ignite ignites illegally imagery imagined imagines imaging imitation immortal
  implicit imported impotent inactive inclined informal insects inserted inserts inset inter invert invited invites
  invokes jest junction keen kite ladder lading laid lake lama lamed lanes languages lasers lash lasted laying leaf
  leaks leaky lean leap lease leases lending lends lent lest lester lethal lettered lever liberally liberate lied
  likes limbs limes linens linking lists liter litter loader loading lode lonely lords lore loser losers lust
  machines maid male mall maned mare masking massage massaged massages maximal meal meals medal mended mentions mere
  messaged midden mint mire mist mister modal modality modeled modelling modem modest moist mold mole moles mood
  moods moore moped morale morally morel moron morons mortal moses moss motel motels moth mott mules mural muse
  muses musk mute naked naming nasty nest nexus node nodes nose noticed notices noting notion novice oaken omits
  oral ores pacing paint painting paints passes passport pasta pasted pastor pasty peak peaked peal pending pest
  phrased piles pill pilot pine pint pints placing plaint planing plaster plate plates plating plaza plea pleas
  pointer pointing polar pole poles policed polices polite polity pool pools pore port pose pour pray prayed
  precedent printer printers processor profess programme promoted prowess pulse putti quota quoted rafter raging
  raid rained rake realm reapply rear rearing recited recline recoded recommends refuge refuses refute regain regal
  regally regarding regards regent reheat reined relay relied relies remainders remand reminded reminders renders
  renter repaid repast repays repeal repealed replay replays replied reserves resets rested retention reused revel
  reveled revels revered reverses revision revived ridden rite roast rode rods rolex rolled roller rolls rome roost
  roosts rooted roots roses route router routes rubles rude rue ruined ruled ruler rulers rulings rust sail sand
  sanded saving scenarios scrip scripted seal secrete secretes seed seeds seize sensing sentenced sentience servers
  sever severs shake shave shelf shells shere shoes shops shore shots shouldn shout showed shower showers shuts
  signore silent sink sites slop smell smiles snow soles sore sour spare spay speck spelled spells spending spends
  spill sprint sprints stalk stare stared stares staring stark starks starling starred starring starter stimulate
  stimulation stomp stony stools stoop stops storey stork storks stormy strain strained straining stray stuart
  submits sue summaries summit swords systemic tack talks tall tally tamed tank tanks tape tart tarts tasking tasty
  taxed teen tender tending tends tests textual thats thee theme thesis theyre thin thirst threw tiles till tilling
  toads toast toes toil tokyo toll tolling tons tops tore trailed trailing trainee trainings trains transit
  translated translator treading triggers truce truer unction unlocks untied updates uploads urgently usher ushers
  vanished varnished veil vends vest vial vine violated violates walled walls ward wards warming warring websites
  weird wells wen whale wheat wherever whet wild wills wine wiped wired witch wives woken wood wore worlds worn writ
  writes writhen yall yelling yodel zeal zest
`
  .trim()
  .split(/\s+/);
