import { OneCallProvider } from '../one-call/one-call.provider';
import type { OneCallModel } from '../one-call/one-call-model';
import { OFFERED, anthropicModel } from './anthropic-models';

const API_VERSION = '2023-06-01'; // the newest dated version of the Messages API

export class AnthropicProvider extends OneCallProvider {
  readonly name = 'anthropic';
  readonly title = 'Anthropic';
  readonly description = 'The Claude models. Billed by Anthropic.';
  protected readonly keyName = 'ANTHROPIC_API_KEY';

  models(): { model: string; title: string; description: string }[] {
    return OFFERED.flatMap((name) => {
      const found = this.find(name);
      return found ? [{ model: name, title: name.slice(name.indexOf('/') + 1), description: found.form.description }] : [];
    });
  }

  protected find(model: string): OneCallModel | null {
    return anthropicModel(model);
  }

  protected headers(key: string): Record<string, string> {
    return { 'x-api-key': key, 'anthropic-version': API_VERSION };
  }
}
