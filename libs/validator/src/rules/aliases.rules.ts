/** One meaning, the names people and models use for it. Names are spellings: lower case, no separators. */
export interface AliasGroup {
  meaning: string;
  names: readonly string[];
  /** Names that mean this only sometimes: taken only when the value fits the field as it stands. */
  weak?: readonly string[];
  /** Last word or words of field names that mean this where no name of the list stands in the form: `max_steps`, `image_seed`. */
  head?: string;
  /** Words before the head that make it another thing for this meaning: `image_guidance_scale`. */
  notAfter?: readonly string[];
  /** A name that means this only where the field's description says so: `scale`, “unconditional guidance scale”. */
  told?: { name: string; words: readonly string[] };
}

/** Words before a head that make it something else: `refine_steps` are not the steps. */
export const OTHER_THAN_HEAD: ReadonlySet<string> = new Set(['refine', 'refiner', 'refinement', 'warmup', 'start', 'end', 'output', 'save', 'display', 'log', 'skip', 'burn', 'upscale', 'hires', 'lora', 'origin', 'compression', 'logprob', 'speech']);

/** Words that make a field the second of its kind: it is never meant by a name without such a word. */
export const SECOND_OF_KIND: ReadonlySet<string> = new Set(['extra', 'second', 'secondary', 'additional', 'other', 'alternative']);

export const ALIAS_GROUPS: readonly AliasGroup[] = [
  { meaning: 'steps', names: ['numinferencesteps', 'steps', 'numsteps', 'inferencesteps', 'ddimsteps', 'nsteps', 'samplingsteps', 'samplesteps', 'diffusionsteps', 'numsamplingsteps',
    'inferstep', 'infersteps', 'step', 'denoisingsteps', 'numdiffusionsteps', 'numberofsteps', 'stepcount', 'numinferstep', 'numdenoisingsteps', 'iterations', 'samplersteps', 'numiterations', 'numiters', 'niterations'], head: 'steps' },
  { meaning: 'guidance', names: ['guidancescale', 'guidance', 'cfg', 'cfgscale', 'cfgstrength', 'classifierfreeguidance', 'classifierfreeguidancescale', 'promptguidance', 'textguidancescale',
    'guidancestrength', 'cfgguidance', 'unconditionalguidancescale', 'cfgvalue', 'cfgweight', 'guidescale', 'sampleguidescale', 'sampleguidancescale'],
    head: 'guidance scale', notAfter: ['image', 'img', 'style', 'clip', 'sr', 'audio', 'latent'], told: { name: 'scale', words: ['guidance', 'unconditional', 'classifier'] } },
  { meaning: 'negative prompt', names: ['negativeprompt', 'negative', 'negprompt', 'nprompt', 'uncondprompt', 'negativetext', 'neg', 'negativeprompts', 'undesired', 'unwanted'] },
  { meaning: 'number of results', names: ['numoutputs', 'numimages', 'nimages', 'numberofimages', 'numberofoutputs', 'imagecount', 'numimagesperprompt', 'numsamples', 'nsamples', 'imagenumber',
    'outputcount', 'numresults', 'imagesperprompt', 'numgenerations', 'numberofpictures', 'numpictures', 'numvideos', 'numberofvideos', 'noutputs', 'outputs', 'numvariations', 'nofimages', 'n'],
    weak: ['count', 'samples', 'batchsize', 'images', 'batch', 'batchcount', 'quantity', 'variations', 'number'] },
  { meaning: 'seed', names: ['seed', 'randomseed', 'rngseed', 'manualseed', 'noiseseed', 'seednumber'], head: 'seed' },
  { meaning: 'output format', names: ['outputformat', 'format', 'imageformat', 'fileformat', 'outformat', 'outputfiletype', 'fileextension', 'extension', 'outputextension', 'audioformat',
    'videoformat', 'outputimageformat', 'outputfileformat', 'outputaudioformat', 'outputimagetype', 'saveformat', 'returnformat'], weak: ['outputtype', 'filetype', 'type', 'responseformat', 'ext'] },
  { meaning: 'output quality', names: ['outputquality', 'imagequality', 'jpegquality', 'jpgquality', 'compressionquality', 'outputimagequality', 'webpquality'], weak: ['quality'] },
  { meaning: 'aspect ratio', names: ['aspectratio', 'aspect', 'ratio', 'imageaspectratio', 'ar', 'imageratio', 'outputaspectratio', 'videoaspectratio', 'aspectratios'],
    weak: ['size', 'imagesize', 'dimensions', 'dimension', 'shape'] },
  { meaning: 'size', names: ['size', 'imagesize', 'outputsize', 'dimensions', 'imagedimensions'], weak: ['resolution', 'dimension'] },
  { meaning: 'resolution', names: ['resolution', 'videoresolution', 'outputresolution', 'imageresolution', 'res', 'targetresolution'], weak: ['size', 'quality', 'videoquality', 'imagesize', 'videosize'] },
  { meaning: 'width', names: ['width', 'imagewidth', 'outputwidth', 'imgwidth', 'videowidth', 'w', 'targetwidth'] },
  { meaning: 'height', names: ['height', 'imageheight', 'outputheight', 'imgheight', 'videoheight', 'h', 'targetheight'] },
  { meaning: 'most tokens', names: ['maxtokens', 'maxnewtokens', 'maxcompletiontokens', 'maxoutputtokens', 'maxgeneratedtokens', 'maxgenlen', 'maxtokenstosample', 'maximumtokens', 'tokenlimit',
    'maxresponsetokens', 'maxlength', 'numpredict', 'maxnumtokens', 'maxoutputlength', 'maxlen', 'maxtoken', 'maxnewtoken', 'maxgentokens'] },
  { meaning: 'fewest tokens', names: ['mintokens', 'minnewtokens', 'minlength', 'minlen', 'minimumtokens', 'minoutputtokens'] },
  { meaning: 'temperature', names: ['temperature', 'temp', 'samplingtemperature'] },
  { meaning: 'top p', names: ['topp', 'nucleus', 'nucleussampling', 'nucleusp'] },
  { meaning: 'top k', names: ['topk', 'ktop'] },
  { meaning: 'system prompt', names: ['systemprompt', 'system', 'systemmessage', 'systeminstruction', 'systeminstructions', 'sysprompt', 'preamble', 'developermessage', 'systemtext'],
    weak: ['instructions', 'preprompt'] },
  { meaning: 'stop', names: ['stopsequences', 'stop', 'stopwords', 'stopsequence', 'stoptokens', 'stopstrings', 'stopstring'] },
  { meaning: 'repetition penalty', names: ['repetitionpenalty', 'repeatpenalty', 'reppenalty', 'repetitionpen'] },
  { meaning: 'frequency penalty', names: ['frequencypenalty', 'freqpenalty'] },
  { meaning: 'presence penalty', names: ['presencepenalty', 'prespenalty'] },
  { meaning: 'scheduler', names: ['scheduler', 'sampler', 'samplername', 'samplingmethod', 'samplemethod', 'schedulertype', 'solver', 'schedulername', 'noisescheduler', 'samplermethod', 'samplertype'] },
  { meaning: 'strength', names: ['promptstrength', 'strength', 'denoisingstrength', 'denoise', 'denoisestrength', 'denoising', 'img2imgstrength', 'noisestrength', 'denoisingratio'] },
  { meaning: 'voice', names: ['voice', 'voiceid', 'speaker', 'voicename', 'speakerid', 'voicepreset', 'speakername', 'narrator', 'voicetype', 'presetvoice'] },
  { meaning: 'speed', names: ['speed', 'speakingrate', 'speechrate', 'speechspeed', 'voicespeed', 'speakingspeed', 'playbackspeed', 'speedfactor', 'speedrate'], weak: ['rate', 'tempo'] },
  { meaning: 'language', names: ['language', 'lang', 'languagecode', 'langcode', 'locale', 'languageid', 'spokenlanguage', 'inputlanguage', 'audiolanguage', 'sourcelanguage', 'languagename'] },
  { meaning: 'target language', names: ['targetlanguage', 'tolanguage', 'outputlanguage', 'targetlang', 'tgtlang'] },
  { meaning: 'duration', names: ['duration', 'durationseconds', 'videolength', 'cliplength', 'lengthseconds', 'lengthinseconds', 'seconds', 'numseconds', 'videoduration', 'audiolength', 'totalseconds',
    'secondstotal', 'durationinseconds', 'audioduration', 'musicduration', 'durations', 'durationsec', 'durations', 'clipduration', 'audiolengthins', 'secs'], weak: ['length', 'time'] },
  { meaning: 'frames per second', names: ['fps', 'framerate', 'framespersecond', 'videofps', 'outputfps'] },
  { meaning: 'frames', names: ['numframes', 'frames', 'videoframes', 'framecount', 'nframes', 'numberofframes', 'maxframes', 'framenum', 'framesnum', 'totalframes'], weak: ['videolength'] },
  { meaning: 'upscale factor', names: ['scale', 'upscale', 'upscalefactor', 'scalefactor', 'upscalingfactor', 'outscale', 'rescalingfactor', 'magnification', 'upscaleby', 'upsamplefactor', 'enlargement',
    'scaleratio', 'upscaleratio', 'desiredscale', 'upscalerate', 'finalrescale', 'upsamplescale', 'upscalescale', 'resizescale'], weak: ['factor', 'zoom', 'multiplier'] },
  { meaning: 'face enhancement', names: ['faceenhance', 'enhanceface', 'faceenhancement', 'enhancefaces', 'facefix', 'faceupsample', 'fixfaces', 'faceenhancer'] },
  { meaning: 'diarisation', names: ['diarize', 'diarise', 'diarization', 'diarisation', 'diarizeaudio', 'diariseaudio', 'speakerdiarization', 'speakerlabels', 'enablediarization'] },
  { meaning: 'speakers', names: ['numspeakers', 'speakercount', 'nspeakers', 'numberofspeakers', 'speakers'] },
  { meaning: 'timestamps', names: ['timestamp', 'timestamps', 'returntimestamps', 'timestampgranularity', 'timestampgranularities'] },
  { meaning: 'Hugging Face token', names: ['hftoken', 'huggingfacetoken', 'huggingfaceaccesstoken', 'hfaccesstoken', 'huggingfaceapikey', 'huggingfacereadtoken', 'hfapitoken', 'hfkey', 'huggingfacehubtoken'] },
  { meaning: 'LoRA scale', names: ['lorascale', 'lorastrength', 'loramultiplier', 'loraintensity'], weak: ['loraweight', 'loraalpha'] },
  { meaning: 'LoRA weights', names: ['loraweights', 'loraurl', 'lorapath', 'hflora', 'lorafile', 'loramodel', 'extralora', 'lora', 'replicateweights', 'loras'] },
  { meaning: 'safety checker off', names: ['disablesafetychecker', 'disablesafetycheck', 'disablesafety', 'nosafetychecker', 'skipsafetychecker', 'disablesafetyfilter', 'disablensfwchecker'] },
  { meaning: 'resemblance', names: ['resemblance', 'likeness'] },
  { meaning: 'creativity', names: ['creativity', 'creativeness'] },
  { meaning: 'reference text', names: ['reftext', 'referencetext', 'referencetranscript', 'prompttranscript', 'refaudiotext', 'voicetext', 'audioprompttranscript'], weak: ['prompttext'] },
  { meaning: 'style', names: ['style', 'styletype', 'stylename', 'stylepreset', 'imagestyle', 'artstyle'] },
  { meaning: 'emotion', names: ['emotion', 'mood', 'feeling'] },
  { meaning: 'pitch', names: ['pitch', 'voicepitch', 'pitchshift'] },
  { meaning: 'volume', names: ['volume', 'vol', 'loudness', 'gain'] },
  { meaning: 'megapixels', names: ['megapixels', 'mp', 'mpx', 'megapixel'] },
  { meaning: 'translate', names: ['translate', 'translatetoenglish', 'translation'] },
  { meaning: 'variant', names: ['modelname', 'modeltype', 'modelsize', 'modelvariant', 'variant'], weak: ['model', 'modelversion', 'version', 'checkpoint'] },
  { meaning: 'motion', names: ['motionbucketid', 'motionbucket', 'motionstrength', 'motionamount'] },
  { meaning: 'alpha matting', names: ['alphamatting', 'usealphamatting', 'matting'] },
  { meaning: 'texture size', names: ['texturesize', 'textureresolution', 'texturesizepx'] },
  { meaning: 'watermark', names: ['applywatermark', 'watermark', 'addwatermark'] },
  { meaning: 'caption length', names: ['captionlength', 'captionlen'] },
  { meaning: 'learning rate', names: ['learningrate', 'lr'] },
  { meaning: 'epochs', names: ['epochs', 'numepochs', 'nepochs', 'numtrainepochs', 'maxtrainepochs', 'trainepochs', 'epoch'] },
  { meaning: 'beams', names: ['numbeams', 'beamsize', 'nbeams', 'beams', 'beamwidth'] },
  { meaning: 'samples at once', names: ['batchsize', 'bs', 'trainbatchsize', 'minibatchsize'] },
  { meaning: 'LoRA rank', names: ['lorarank', 'loradim', 'networkdim', 'networkrank', 'rank'] },
  { meaning: 'trigger word', names: ['triggerword', 'trigger', 'triggertoken', 'instancetoken'] },
  { meaning: 'threshold', names: ['threshold', 'cutoff', 'thresh'], head: 'threshold' },
];

/** Words of a number's name that only say it is one, a time or what is wanted: `page` is `page_number`, `start` is `start_time`, `fps` is `target_fps`. */
export const COUNTING_WORDS: ReadonlySet<string> = new Set(['num', 'number', 'of', 'n', 'no', 'nr', 'count', 'total', 'value', 'amount', 'time', 'seconds', 'second', 'secs', 'sec', 'target', 'desired', 'output', 'final']);

/** Words a file parameter's name may consist of; only then it is read as "the image", "the audio" and so on. */
export const FILE_ALIAS_WORDS: ReadonlySet<string> = new Set([
  'url', 'urls', 'uri', 'uris', 'path', 'link', 'file', 'files', 'input', 'inputs', 'upload', 'attachment', 'attachments', 'data', 'b64', 'base64', 'media', 'src', 'init', 'initial',
  'main', 'original', 'orig', 'filename', 'in', 'user', 'my', 'raw', 'asset', 'document', 'doc', 'pdf',
]);

const KNOWN = new Set(ALIAS_GROUPS.flatMap((group) => group.names));

/** True for a spelling that means something by itself, on one model or another. */
export function isKnownMeaning(spelling: string): boolean {
  return KNOWN.has(spelling);
}
