/*
 * What this is: the words an answer may be made of beside names and values, as data.
 * To extend: a filler goes into FILLERS; a word that turns a sentence round or leaves it open goes into TURNS, so that a
 * sentence with it is asked about and never taken at half its word.
 */
const listed = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Say nothing about any field. */
export const FILLERS = listed(
  'a an the it its it\'s this that these those my your our and then also too plus but please pls thanks thank you ok okay yes yeah sure well just now so hi hello instead again only '
  + 'i we want wants wanted need needs would like i\'d we\'d i\'ll let let\'s lets could can will shall should must may set change switch turn make use using put give go take try do get have has '
  + 'be is are was to of for in on at with as into from by me us here there made '
  + 'picture image photo result output outcome value field option parameter setting input model card mode style colour color colours colors one ones total size shape format version run '
  + 'long each approve confirm increase decrease raise lower reduce generate create render produce times',
);
/** Turn a sentence round, compare, or leave it open: with one of these, what a sentence asks for is not certain. */
export const TURNS = listed(
  'not no don\'t dont doesn\'t isn\'t never without except unless avoid neither nor cannot can\'t won\'t shouldn\'t rather than if when whether maybe perhaps possibly or either around about '
  + 'approximately roughly least most max min maximum minimum under over below above between up more less fewer extra additional another bigger smaller larger wider taller higher lower '
  + 'double twice half triple slightly bit little few some several many enough almost',
);
/** Begin a request about fields rather than a text for the model. */
export const COMMANDS = listed('set change use make turn switch increase decrease raise lower reduce put enable disable with without remove keep');
/** Begin what people say about the card rather than what the model should get. */
export const TALK = listed('i i\'m we you who what what\'s why how when where which is are do does did can could would should will never cancel stop wait skip sorry nothing none idk nope no not hmm whatever '
  + 'same let ask please it it\'s this that');
/** A text that begins so describes a change and is not the new text itself. */
export const CHANGES = listed('be become include have has mention more less something another also not sound look');
/** Options that are everyday words: they count only where nothing else is said. */
export const EVERYDAY = listed('auto none default custom normal standard high low medium small large fast slow all any other off on true false yes no original best good new old same full base');

/** Options that say yes or no to something: never without the name of what. */
export const YES_OR_NO = listed('on off yes no true false none');

export const ASSIGNING_WORDS = listed('to is be as at equals equal');
export const ARTICLES = listed('a an the its my your our this that some');
export const SWITCH_ON = listed('with enable add use include apply activate in');
export const SWITCH_OFF = listed('without no disable skip deactivate');
/** Begin a wish that a field be emptied: `no negative prompt`, `remove the mask`. */
export const CLEARING = listed('no without remove clear delete drop unset reset omit empty erase');
/** Such a verb of two words: `take away the mask`, `leave out the seed`. */
export const CLEARING_PAIRS = listed('take_away take_out leave_out throw_out get_rid');
/** Stand for an empty value: `seed: none`. */
export const EMPTY_VALUES = listed('none nothing empty null blank nil');
export const NEGATED = listed('don\'t dont not never');

/** Part of a boolean field's name that says which way it points. */
export const POSITIVE_NAME_WORDS = listed('enable use apply add with do return include is activate');
export const NEGATIVE_NAME_WORDS = listed('disable no skip without remove');

/** What people say for a field that is called otherwise. */
export const SAID_FOR: ReadonlyMap<string, string> = new Map(Object.entries({
  wide: 'width', high: 'height', tall: 'height', pixelswide: 'width', pixelshigh: 'height', pixelstall: 'height', pxwide: 'width', pxhigh: 'height', pxtall: 'height',
  images: 'num_outputs', pictures: 'num_outputs', photos: 'num_outputs', variations: 'num_outputs', variants: 'num_outputs', results: 'num_outputs', outputs: 'num_outputs', options: 'num_outputs',
  image: 'num_outputs', picture: 'num_outputs', variation: 'num_outputs', samples: 'num_outputs', versions: 'num_outputs', copies: 'num_outputs', videos: 'num_outputs',
  second: 'duration', seconds: 'duration', s: 'duration', sec: 'duration', secs: 'duration', x: 'scale', tokens: 'max_tokens', fps: 'fps', framespersecond: 'fps', inferencesteps: 'steps',
}));

const NUMBER_WORDS = ('zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty').split(' ');
const TENS = ['thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

/** `four` → 4, `a single` → 1; undefined when the word is no number. */
export function numberOfWord(word: string): number | undefined {
  if (word === 'single') return 1;
  const small = NUMBER_WORDS.indexOf(word);
  if (small >= 0) return small;
  const ten = TENS.indexOf(word);
  return ten < 0 ? undefined : (ten + 3) * 10;
}
