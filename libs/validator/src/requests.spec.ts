import type { Attachment, JsonObject, ValidationReport, ValidationRequest } from '@countersign/core';
import { formFromOpenApi } from './form/form-from-open-api';
import { requestOf } from './testing/request-of';
import { schemaOf } from './testing/schemas';
import { validate } from './validate';

const at = (name: string): string => `https://files.example.org/u/${name}`;
const MIME: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg', mp3: 'audio/mpeg', wav: 'audio/wav', mp4: 'video/mp4', pdf: 'application/pdf' };
const file = (name: string): Attachment => ({ url: at(name), name, mime: MIME[name.slice(name.lastIndexOf('.') + 1)] });

/** What the one right answer is; what is not named is not judged, except that `ready` and the errors always are. */
interface Right { ready: boolean; input?: JsonObject; errors?: string[]; warnings?: string[]; mapping?: JsonObject; promptField?: string | null; fixed?: string[] }
type Row = [name: string, model: string, request: Partial<ValidationRequest>, right: Right];

const ROWS: Row[] = [
  // background removal
  ['an order to a model without words is not sent', 'cutout-rembg', { prompt: 'please remove the background', attachments: [file('shoe.jpg')] }, { ready: true, input: { img: at('shoe.jpg') }, promptField: null, mapping: { img: 'shoe.jpg' } }],
  ['no picture', 'cutout-rembg', { prompt: 'remove the background' }, { ready: false, errors: ['img missing_required'] }],
  ['a picture by another name', 'cutout-rembg', { parameters: { input_image: at('a.png') } }, { ready: true, input: { img: at('a.png') }, fixed: ['img'] }],
  ['two pictures for one place', 'cutout-rembg', { attachments: [file('a.png'), file('b.png')] }, { ready: false, errors: ['img too_many_files'] }],
  ['a recording for a picture', 'cutout-rembg', { attachments: [file('a.mp3')] }, { ready: false, errors: ['img missing_required', 'img wrong_media_type'], warnings: ['model model_mismatch'] }],
  ['a picture mentioned in the prompt', 'cutout-rembg', { prompt: `remove the background of ${at('cat.png?sig=1')}` }, { ready: true, input: { img: at('cat.png?sig=1') } }],
  ['the newest picture of the conversation', 'cutout-rembg', { conversation: [{ role: 'user', content: at('old.png') }, { role: 'user', content: [{ type: 'text', text: `and ${at('new.png')}.` }] }] }, { ready: true, input: { img: at('new.png') } }],
  ['an explicit picture beats an attachment', 'cutout-rembg', { parameters: { img: at('a.png') }, attachments: [file('b.png')] }, { ready: true, input: { img: at('a.png') }, warnings: ['img too_many_files'] }],
  ['an edit beats everything', 'cutout-rembg', { edits: { img: at('c.png') }, parameters: { img: at('a.png') }, attachments: [file('b.png')] }, { ready: true, input: { img: at('c.png') } }],
  // transcription
  ['an audio file to the file field, the word transcribe nowhere', 'listen-whisper', { prompt: 'transcribe this meeting please', attachments: [file('m.wav')], parameters: { lang: 'EN' } }, { ready: true, input: { file: at('m.wav'), language: 'en' }, promptField: null, fixed: ['language'] }],
  ['diarisation needs its token', 'listen-whisper', { attachments: [file('m.wav')], parameters: { diarize: 'yes' } }, { ready: false, errors: ['hf_token missing_required'] }],
  ['diarisation with its token', 'listen-whisper', { attachments: [file('m.wav')], parameters: { diarise: true, huggingface_token: 'hf_x' } }, { ready: true, input: { file: at('m.wav'), diarize: true, hf_token: 'hf_x' } }],
  ['a switch that is off needs nothing', 'listen-whisper', { attachments: [file('m.wav')], parameters: { diarize: 'false' } }, { ready: true, input: { file: at('m.wav'), diarize: false } }],
  ['of several ways to hand over a file the plainest', 'many-ways-transcribe', { attachments: [file('m.mp3')] }, { ready: true, input: { file: at('m.mp3') } }],
  ['an address to the address field', 'many-ways-transcribe', { parameters: { audio_url: at('m.mp3') } }, { ready: true, input: { file_url: at('m.mp3') } }],
  ['none of the ways', 'many-ways-transcribe', {}, { ready: false, errors: ['file_string missing_required'] }],
  // speech
  ['text is said, no voice is asked for', 'parrot-tts', { prompt: 'Good evening to you all.' }, { ready: true, input: { text: 'Good evening to you all.' }, promptField: 'text' }],
  ['the author\'s sample is never said', 'parrot-tts', {}, { ready: false, errors: ['text missing_required'] }],
  ['a voice to clone', 'parrot-tts', { prompt: 'Good evening.', attachments: [file('grandma.wav')] }, { ready: true, input: { text: 'Good evening.', speaker_wav: at('grandma.wav') } }],
  ['an unknown voice', 'parrot-tts', { prompt: 'Hello all of you', parameters: { voice: 'Zed' } }, { ready: false, errors: ['voice not_in_enum'] }],
  ['long text is a remark only', 'parrot-tts', { prompt: 'word '.repeat(120) }, { ready: true, warnings: ['text text_too_long'] }],
  // upscaling
  ['an upscale order is no prompt', 'bigger-upscaler', { prompt: 'Upscale this photo 4x', attachments: [file('s.png')], parameters: { scale: '4x' } }, { ready: true, input: { image: at('s.png'), scale_factor: 4 }, promptField: null }],
  ['words about the picture are', 'bigger-upscaler', { prompt: 'a knight in silver armour', attachments: [file('s.png')] }, { ready: true, input: { image: at('s.png'), prompt: 'a knight in silver armour' } }],
  ['three is no option', 'bigger-upscaler', { attachments: [file('s.png')], parameters: { upscale: 3 } }, { ready: false, errors: ['scale_factor not_in_enum'] }],
  // editing
  ['several pictures keep their order', 'brush-image-edit', { prompt: 'put the hat on the dog', attachments: [file('hat.png'), file('dog.png')], parameters: { aspectRatio: '16/9' } }, { ready: true, input: { prompt: 'put the hat on the dog', input_images: [at('hat.png'), at('dog.png')], aspect_ratio: '16:9' } }],
  ['four are too many', 'brush-image-edit', { prompt: 'combine them all', attachments: ['a', 'b', 'c', 'd'].map((name) => file(`${name}.png`)) }, { ready: false, errors: ['input_images too_many_files'] }],
  ['a comma list of addresses becomes a list', 'brush-image-edit', { prompt: 'combine them both', parameters: { images: `${at('a.png')}, ${at('b.png')}` } }, { ready: true, input: { prompt: 'combine them both', input_images: [at('a.png'), at('b.png')] } }],
  ['no instruction is a remark', 'brush-image-edit', { prompt: 'a beautiful sunny day', attachments: [file('a.png')] }, { ready: true, warnings: ['prompt prompt_lacks_instruction'] }],
  ['null where null is allowed', 'brush-image-edit', { prompt: 'make it blue', attachments: [file('a.png')], parameters: { seed: null } }, { ready: true, input: { prompt: 'make it blue', input_images: [at('a.png')], seed: null } }],
  // text to image
  ['usual names of Stable Diffusion', 'dream-xl', { prompt: 'a lighthouse at night', parameters: { steps: '30', cfg: '7.5', neg_prompt: 'blurry', n: 2, ratio: '16 x 9', format: '.JPEG' } }, { ready: true, input: { prompt: 'a lighthouse at night', negative_prompt: 'blurry', num_outputs: 2, aspect_ratio: '16:9', output_format: 'jpg', num_inference_steps: 30, guidance_scale: 7.5 } }],
  ['four and a half steps are no steps', 'dream-xl', { prompt: 'a lighthouse at night', parameters: { num_inference_steps: 4.5 } }, { ready: false, errors: ['num_inference_steps wrong_type'] }],
  ['all problems at once', 'dream-xl', { parameters: { num_outputs: 9, aspect_ratio: '7:5', go_fast: 'maybe' } }, { ready: false, errors: ['aspect_ratio not_in_enum', 'go_fast wrong_type', 'num_outputs out_of_range', 'prompt missing_required'] }],
  ['a picture has no place', 'dream-xl', { prompt: 'a lighthouse at night', attachments: [file('a.png')] }, { ready: false, errors: ['attachments too_many_files'], warnings: ['model model_mismatch'] }],
  ['a slip in a name asks', 'dream-xl', { prompt: 'a lighthouse at night', parameters: { guidence_scale: 3 } }, { ready: false, errors: ['guidence_scale unknown_field'] }],
  ['a foreign name is told', 'dream-xl', { prompt: 'a lighthouse at night', parameters: { clip_skip: 2 } }, { ready: true, warnings: ['clip_skip unknown_field'] }],
  ['one meaning given twice asks', 'dream-xl', { prompt: 'a lighthouse at night', parameters: { steps: 20, num_inference_steps: 30 } }, { ready: false, errors: ['steps unknown_field'] }],
  ['one meaning given twice alike is nothing', 'dream-xl', { prompt: 'a lighthouse at night', parameters: { steps: 30, num_inference_steps: 30 } }, { ready: true, input: { prompt: 'a lighthouse at night', num_inference_steps: 30 } }],
  ['width without custom', 'dream-xl', { prompt: 'a lighthouse at night', parameters: { width: 512 } }, { ready: false, errors: ['width invalid_combination'] }],
  ['width with custom', 'dream-xl', { prompt: 'a lighthouse at night', parameters: { width: 512, height: 512, aspect_ratio: 'Custom' } }, { ready: true }],
  ['minus one is not one', 'dream-xl', { prompt: 'a lighthouse at night', parameters: { num_outputs: '-1' } }, { ready: false, errors: ['num_outputs out_of_range'] }],
  // inpainting
  ['names tell picture and mask', 'patch-inpaint', { prompt: 'a vase', attachments: [file('table-mask.png'), file('table.png')] }, { ready: true, input: { image: at('table.png'), mask: at('table-mask.png'), prompt: 'a vase' } }],
  ['one picture is the picture', 'patch-inpaint', { prompt: 'a vase', attachments: [file('table.png')] }, { ready: false, errors: ['mask missing_required'], mapping: { image: 'table.png' } }],
  ['two unnamed pictures ask', 'patch-inpaint', { prompt: 'a vase', attachments: [file('IMG_1.png'), file('IMG_2.png')] }, { ready: false, errors: ['image ambiguous_attachment', 'mask ambiguous_attachment'] }],
  // language model
  ['other names of a language model', 'small-llm-chat', { prompt: 'Name three rivers', parameters: { max_tokens: '256', system: 'Be brief', temp: 0.2, stop: ['END', '###'] } }, { ready: true, input: { prompt: 'Name three rivers', system_prompt: 'Be brief', max_new_tokens: 256, temperature: 0.2, stop_sequences: 'END,###' } }],
  ['a question by its own name', 'small-llm-chat', { parameters: { question: 'Why is the sky blue?' } }, { ready: true, input: { prompt: 'Why is the sky blue?' }, fixed: ['prompt'] }],
  ['lots is no number', 'small-llm-chat', { prompt: 'Name three rivers', parameters: { max_tokens: 'lots' } }, { ready: false, errors: ['max_new_tokens wrong_type'] }],
  // two files by role
  ['names tell source and target', 'mirror-face-swap', { prompt: 'swap', attachments: [file('target.jpg'), file('source.jpg')] }, { ready: true, input: { source_image: at('source.jpg'), target_image: at('target.jpg') }, promptField: null }],
  ['nothing tells them apart', 'mirror-face-swap', { attachments: [file('DSC1.jpg'), file('DSC2.jpg')] }, { ready: false, errors: ['source_image ambiguous_attachment', 'target_image ambiguous_attachment'] }],
  ['the other one is left', 'mirror-face-swap', { attachments: [file('target.jpg'), file('me.jpg')] }, { ready: true, input: { source_image: at('me.jpg'), target_image: at('target.jpg') } }],
  ['a person and a shirt', 'fit-try-on', { attachments: [file('shirt.png'), file('model.png')] }, { ready: true, input: { human_img: at('model.png'), garm_img: at('shirt.png') } }],
  // captioning
  ['a question about a picture', 'what-caption', { prompt: 'How many birds are there?', attachments: [file('birds.png')], parameters: { caption_length: 'LONG' } }, { ready: true, input: { image: at('birds.png'), prompt: 'How many birds are there?', caption_length: 'long' } }],
  ['an order is a prompt to a model that follows orders', 'what-caption', { prompt: 'describe this', attachments: [file('birds.png')] }, { ready: true, promptField: 'prompt' }],
  ['three faces for two places', 'mirror-face-swap', { attachments: [file('a.jpg'), file('b.jpg'), file('c.jpg')] }, { ready: false, errors: ['source_image too_many_files'] }],
  ['uses for names', 'mirror-face-swap', { parameters: { source: at('a.jpg'), target: at('b.jpg') } }, { ready: true, input: { source_image: at('a.jpg'), target_image: at('b.jpg') } }],
  // video
  ['start and end by name, and the mode it needs', 'move-image-to-video', { prompt: 'sunrise', attachments: [file('end.png'), file('start.png')] }, { ready: false, errors: ['mode invalid_combination'], mapping: { first_frame_image: 'start.png', last_frame_image: 'end.png' } }],
  ['in pro mode', 'move-image-to-video', { prompt: 'sunrise', attachments: [file('end.png'), file('start.png')], parameters: { mode: 'Pro' } }, { ready: true }],
  ['ten seconds only in 768p', 'move-image-to-video', { prompt: 'sunrise', attachments: [file('a.png')], parameters: { duration: '10s' } }, { ready: false, errors: ['resolution invalid_combination'] }],
  ['ten seconds in 768', 'move-image-to-video', { prompt: 'sunrise', attachments: [file('a.png')], parameters: { seconds: '10', resolution: 768 } }, { ready: true, input: { prompt: 'sunrise', first_frame_image: at('a.png'), duration: 10, resolution: '768p' } }],
  ['any picture is the first frame', 'move-image-to-video', { prompt: 'sunrise', parameters: { image: at('a.png') } }, { ready: true, input: { prompt: 'sunrise', first_frame_image: at('a.png') } }],
  ['a last summer is no last frame', 'move-image-to-video', { prompt: 'waves roll in', attachments: [file('last_summer.jpg')] }, { ready: true, mapping: { first_frame_image: 'last_summer.jpg' } }],
  // 3d
  ['pictures to a list', 'clay-image-to-3d', { prompt: 'make a 3d model of it', parameters: { image: at('cup.png') } }, { ready: true, input: { images: [at('cup.png')] }, promptField: null }],
  // lip sync
  ['a video and a voice to plain strings', 'puppet-lip-sync', { prompt: 'lip sync this', attachments: [file('talk.mp3'), file('face.mp4')] }, { ready: true, input: { video_url: at('face.mp4'), audio_file: at('talk.mp3') }, promptField: null }],
  ['words instead of a voice', 'puppet-lip-sync', { prompt: 'Welcome to our shop', attachments: [file('face.mp4')] }, { ready: true, input: { video_url: at('face.mp4'), text: 'Welcome to our shop' } }],
  ['both ways to name a video', 'puppet-lip-sync', { attachments: [file('talk.mp3')], parameters: { video_url: at('v.mp4'), video_id: 'v1' } }, { ready: false, errors: ['video_id invalid_combination'] }],
  ['no video', 'puppet-lip-sync', { attachments: [file('talk.mp3')] }, { ready: false, errors: ['video_url missing_required'] }],
  // numbered fields and lists in one text
  ['numbers meet numbers', 'collage', { prompt: 'side by side', attachments: [file('pic_2.png'), file('pic_1.png')] }, { ready: true, input: { prompt: 'side by side', image_1: at('pic_1.png'), image_2: at('pic_2.png') } }],
  ['short names with numbers', 'collage', { prompt: 'side by side', attachments: [file('p2.png'), file('p1.png')] }, { ready: true, mapping: { image_1: 'p1.png', image_2: 'p2.png' } }],
  ['one picture is the first', 'collage', { prompt: 'side by side', attachments: [file('tree.png')] }, { ready: true, mapping: { image_1: 'tree.png' } }],
  ['unnumbered ones ask', 'collage', { prompt: 'side by side', attachments: [file('tree.png'), file('house.png')] }, { ready: false }],
  ['a comma list in one text', 'ref-gallery', { prompt: 'a harbour', attachments: [file('a.png'), file('b.png')] }, { ready: true, input: { prompt: 'a harbour', reference_image_urls: `${at('a.png')},${at('b.png')}` }, mapping: { reference_image_urls: ['a.png', 'b.png'] } }],
  // addresses and markers
  ['a path is no address', 'outline-segment', { parameters: { image: '/tmp/a.png' } }, { ready: false, errors: ['image not_a_url'] }],
  ['a script is no address', 'outline-segment', { parameters: { image: 'javascript:alert(1)' } }, { ready: false, errors: ['image not_a_url'] }],
  ['a model with a picture only needs it', 'outline-segment', {}, { ready: false, errors: ['image missing_required'] }],
  ['an attachment by its name', 'outline-segment', { parameters: { image: 'tree.png' }, attachments: [file('tree.png')] }, { ready: true, input: { image: at('tree.png') }, mapping: { image: 'tree.png' } }],
  ['a marked block is taken out', 'brush-image-edit', { prompt: `make it night\n---BEGIN_ATTACHMENTS---\n${at('a.png')}\n---END_ATTACHMENTS---` }, { ready: true, input: { prompt: 'make it night', input_images: [at('a.png')] } }],
  ['an unreachable file', 'outline-segment', { attachments: [file('a.png')], observations: [{ url: at('a.png'), outcome: 'unreachable', detail: '404' }] }, { ready: false, errors: ['image file_unreachable'] }],
  ['content beats the name', 'outline-segment', { attachments: [file('a.png')], observations: [{ url: at('a.png'), outcome: 'ok', mime: 'audio/mpeg', bytes: 10 }] }, { ready: false, errors: ['image missing_required', 'image wrong_media_type'], warnings: ['model model_mismatch'] }],
];

function found(report: ValidationReport, severity: string): string[] {
  return report.summary.checkpoints.flatMap((checkpoint) => checkpoint.issues).filter((issue) => issue.severity === severity).map((issue) => `${issue.field} ${issue.code}`).sort();
}

test.each(ROWS)('%s (%s)', (_name, model, request, right) => {
  const report = validate(formFromOpenApi(schemaOf(`acme/${model}`)), requestOf(request));
  if (!(right.errors === undefined && !right.ready)) expect(found(report, 'error')).toEqual(right.errors ?? []);
  expect(report.ready).toBe(right.ready);
  if (right.warnings) expect(found(report, 'warning')).toEqual(right.warnings);
  if (right.input) expect(report.input).toEqual(right.input);
  if (right.mapping) expect(report.mapping).toEqual(right.mapping);
  if (right.promptField !== undefined) expect(report.promptField).toBe(right.promptField);
  if (right.fixed) expect(report.fixes.map((fix) => fix.field)).toEqual(right.fixed);
});
