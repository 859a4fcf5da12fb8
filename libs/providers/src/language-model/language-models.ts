// A door of its own: only the app that asks language models loads what speaks to them.
export { createLanguageModel, type LanguageModelSettings } from './create-language-model';
export { startLanguageModelStandIn, type LanguageModelStandIn, type ModelReply, type ModelRequest } from './language-model-stand-in';
