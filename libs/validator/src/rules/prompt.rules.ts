/** Names of the field that receives the user's words, most typical first. */
export const PROMPT_NAMES: readonly string[] = [
  'prompt', 'textprompt', 'positiveprompt', 'userprompt', 'inputprompt', 'promptinput', 'mainprompt',
  'text', 'inputtext', 'textinput', 'gentext', 'targettext', 'ttstext', 'texttospeak', 'texttosynthesize', 'synthesistext',
  'instruction', 'instructions', 'editinstruction', 'editprompt', 'editinginstruction',
  'question', 'query', 'message', 'usermessage', 'userinput', 'sentence', 'content', 'script', 'caption', 'captions',
  'prompts', 'texts', 'textprompts', 'sentences', 'animationprompts', 'videoprompt', 'imageprompttext', 'input', 'lyrics', 'story', 'topic', 'description', 'inputs',
];

/** Words that make a text field something else than the place of the user's words. */
export const NOT_PROMPT_WORDS: ReadonlySet<string> = new Set([
  'negative', 'neg', 'n', 'uncond', 'unconditional', 'system', 'template', 'separator', 'strength', 'initial', 'pre', 'post', 'prefix', 'suffix', 'ref', 'reference',
  'style', 'magic', 'option', 'weights', 'weight', 'scale', 'file', 'url', 'path', 'token', 'tokens', 'format', 'language', 'voice', 'stop', 'color', 'colour',
]);

/** Words of text fields that hold data in a form of its own, not the user's words, also where no other text is taken. */
export const DATA_WORDS: ReadonlySet<string> = new Set([
  'id', 'ids', 'key', 'keys', 'coordinate', 'coordinates', 'coords', 'point', 'points', 'box', 'boxes', 'bbox', 'bboxes', 'click', 'clicks', 'label', 'labels', 'timestamp', 'timestamps', 'time', 'times', 'date', 'email',
  'username', 'user', 'repo', 'repository', 'durations', 'duration', 'animations', 'schedule', 'ratio', 'size', 'resolution', 'number', 'count', 'hash', 'code', 'json', 'config', 'route', 'range', 'ranges',
]);

/** Words a default prompt is made of when it only asks for quality: such a default is a setting, not the author's sample. */
export const QUALITY_WORDS: ReadonlySet<string> = new Set([
  'masterpiece', 'best', 'quality', 'high', 'highres', 'hires', 'res', 'resolution', '8k', '4k', '2k', 'uhd', 'hd', 'hdr', 'raw', 'photo', 'photograph', 'photorealistic',
  'realistic', 'detailed', 'detail', 'details', 'sharp', 'focus', 'clean', 'dslr', 'soft', 'lighting', 'film', 'grain', 'fujifilm', 'xt3', 'ultra', 'extremely', 'highly',
  'cinematic', 'professional', 'lora', 'more', 'add', 'sdxl', 'render', 'rev', 'intricate', 'vivid', 'color', 'colors', 'noise', 'free', 'blur', 'very', 'super',
]);

/** Words of a default that only names the kind of subject every input of such a model has ("a person"): a setting. */
export const SUBJECT_WORDS: ReadonlySet<string> = new Set([
  'a', 'an', 'the', 'of', 'person', 'people', 'man', 'woman', 'human', 'portrait', 'headshot', 'photo', 'photograph', 'picture', 'image', 'img', 'face', 'selfie', 'model',
]);

/** First words of a default that is an order a model can follow on any input: a setting, not a sample. */
export const ORDER_WORDS: ReadonlySet<string> = new Set([
  'describe', 'caption', 'what', 'transcribe', 'translate', 'summarize', 'summarise', 'extract', 'ocr', 'read', 'explain', 'list', 'identify', 'upscale', 'enhance',
  'restore', 'remove', 'parse', 'convert', 'write', 'generate', 'please', 'is', 'are', 'how',
]);

/** Verbs that make a prompt an edit instruction. */
export const EDIT_VERBS: ReadonlySet<string> = new Set([
  'change', 'edit', 'transform', 'make', 'add', 'remove', 'replace', 'put', 'turn', 'convert', 'swap', 'erase', 'delete', 'place', 'combine', 'merge', 'blend', 'move',
  'rotate', 'crop', 'extend', 'fill', 'paint', 'repaint', 'color', 'colour', 'colorize', 'colourise', 'recolor', 'brighten', 'darken', 'blur', 'sharpen', 'restyle', 'render',
  'set', 'give', 'let', 'show', 'keep', 'apply', 'use', 'create', 'adjust', 'fix', 'restore', 'relight', 'increase', 'decrease', 'reduce', 'insert', 'dress', 'wear', 'cut',
  'zoom', 'draw', 'write', 'generate', 'remake', 'modify', 'clean', 'enhance', 'style', 'have', 'fade', 'zoom', 'flip', 'mirror', 'straighten', 'age', 'shift', 'raise', 'lower',
]);

/** Words around an instruction that carry no content of their own. */
export const FILLER_WORDS: ReadonlySet<string> = new Set([
  'please', 'pls', 'kindly', 'thanks', 'thank', 'you', 'can', 'could', 'would', 'this', 'that', 'these', 'those', 'the', 'a', 'an', 'my', 'our', 'your', 'it', 'its', 'me', 'i', 'we',
  'to', 'for', 'from', 'of', 'in', 'on', 'with', 'into', 'and', 'by', 'at', 'as', 'is', 'be', 'image', 'images', 'picture', 'pictures', 'photo', 'photos', 'pic', 'img', 'shot',
  'file', 'attached', 'attachment', 'here', 'up', 'out', 'do', 'make', 'just', 'want', 'need', 'like', 'so', 'more', 'much', 'very', 'get', 'give', 'all', 'one', 'product', 'portrait',
  'audio', 'video', 'clip', 'recording', 'meeting', 'call', 'sound', 'track', 'song', 'voice', 'note', 'memo', 'interview', 'podcast', 'old', 'new', 'now', 'then', 'text', 'words',
]);

/** Names that mean the user's words only while no other field carries the word: `content` is `qr_code_content` where there is one. */
export const LOOSE_PROMPT_NAMES: ReadonlySet<string> = new Set(['content', 'description', 'caption', 'captions', 'lyrics', 'story', 'topic', 'script', 'message', 'input', 'inputs', 'sentence']);

/** Names of fields in which an order ("describe this") is content. */
export const ORDER_FIELDS: ReadonlySet<string> = new Set(['prompt', 'textprompt', 'userprompt', 'inputprompt', 'instruction', 'instructions', 'query']);
