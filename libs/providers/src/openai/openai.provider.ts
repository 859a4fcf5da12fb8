import { OneCallProvider } from '../one-call/one-call.provider';
import type { OneCallModel } from '../one-call/one-call-model';
import { OFFERED, openAiModel } from './openai-models';

const OWN_HOST = 'api.openai.com';

/** OpenAI's models, and chat models of servers that speak its wire format (OPENAI_BASE_URL). */
export class OpenAiProvider extends OneCallProvider {
  readonly name = 'openai';
  readonly title = 'OpenAI';
  readonly description = 'Text, pictures, speech and embeddings by OpenAI, or text by a server that speaks its wire format. Billed by OpenAI.';
  protected readonly keyName = 'OPENAI_API_KEY';

  models(): { model: string; title: string; description: string }[] {
    return OFFERED.flatMap((name) => {
      const found = this.find(name);
      return found ? [{ model: name, title: name.slice(name.indexOf('/') + 1), description: found.form.description }] : [];
    });
  }

  protected find(model: string): OneCallModel | null {
    return openAiModel(model, new URL(this.settings.baseUrl).hostname !== OWN_HOST);
  }

  /** Our own number for the call, for OpenAI's support to look for; it does not make a second call the same one. */
  protected headers(key: string, launchId: string): Record<string, string> {
    return { authorization: `Bearer ${key}`, 'x-client-request-id': launchId };
  }
}
