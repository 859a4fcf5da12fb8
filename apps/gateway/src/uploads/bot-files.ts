/*
 * What this is: files that come as Telegram links. Such a link carries the bot's token, so the file is fetched and kept
 * as an upload, and the request goes on with our own address.
 * Invariant: no bot's token is stored, shown, or sent to a provider. A file that cannot be fetched is named by an address
 * without the token, which the check then reports as unreachable.
 */
import { ArtifactFiles, ArtifactStore, Clock, Ids, type JsonObject } from '@countersign/core';
import { botLinksIn, GuardedFetch, INPUT_FILE_LIMITS, replaceBotLinks, withoutBotToken } from '@countersign/files';
import { Injectable } from '@nestjs/common';
import { PublicUrl } from './public-url';

const MAX_TAKEN = 20; // files fetched for one request; the others lose their token and so are reported
const TAKE_MS = 6_000; // for one file: the caller waits for the answer
/** Understood by the check as a file that was handed over, and taken out of the words. */
const MARKER = ':-> attached document: ';

export abstract class BotFetch {
  abstract open: GuardedFetch['open'];
}

export function botFetch(allowHosts: string[]): BotFetch {
  return new GuardedFetch({ ...INPUT_FILE_LIMITS, allowHosts, timeoutMs: TAKE_MS });
}

/** What an entry in the book of files is given by the house. */
@Injectable()
export class EntryFacts {
  constructor(private readonly ids: Ids, private readonly clock: Clock) {}

  next(): { artifactId: string; createdAt: string } {
    return { artifactId: this.ids.next(), createdAt: this.clock.now() };
  }
}

/** The input with each link at its new address; one among the words is handed over like an attachment. */
export function handOver(input: JsonObject, addressOf: (link: string) => string): JsonObject {
  const { prompt } = input;
  return {
    ...replaceBotLinks(input, addressOf),
    ...(typeof prompt === 'string' && { prompt: replaceBotLinks(prompt, (link) => MARKER + addressOf(link)) }),
  };
}

@Injectable()
export class BotFiles {
  constructor(
    private readonly kept: ArtifactStore,
    private readonly files: ArtifactFiles,
    private readonly fetch: BotFetch,
    private readonly publicUrl: PublicUrl,
    private readonly entries: EntryFacts,
  ) {}

  /** The request's input without any bot's token. */
  async takeIn(owner: { tenantId: string; userId: string }, input: JsonObject): Promise<JsonObject> {
    const links = botLinksIn(input);
    if (links.length === 0) return input;
    const taken = await Promise.all(links.slice(0, MAX_TAKEN).map(async (link) => [link, await this.keep(owner, link)] as const));
    const own = new Map(taken);
    return handOver(input, (link) => own.get(link) ?? withoutBotToken(link));
  }

  private async keep({ tenantId, userId }: { tenantId: string; userId: string }, link: string): Promise<string> {
    try {
      const file = await this.fetch.open(link);
      const { sha256, mime, bytes } = await this.files.put(file.read(), INPUT_FILE_LIMITS);
      const { artifactId, createdAt } = this.entries.next();
      await this.kept.save({ artifactId, tenantId, userId, runId: null, sha256, mime, bytes, name: file.name, createdAt });
      return this.publicUrl.of(`/artifacts/${artifactId}`);
    } catch {
      return withoutBotToken(link); // why it cannot be had is told by the check, as for any other file
    }
  }
}
