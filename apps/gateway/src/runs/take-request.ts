import type { RunRequestDto } from '@countersign/contracts';
import type { NewRun, Principal } from '@countersign/core';
import { ProviderRegistry } from '@countersign/providers';
import { Injectable } from '@nestjs/common';
import { BotFiles } from '../uploads/bot-files';
import { chooseModel } from './choose-model';
import { readRequest } from './read-request';

/** A request as the run it asks for, fit to be kept. */
@Injectable()
export class TakeRequest {
  constructor(private readonly providers: ProviderRegistry, private readonly botFiles: BotFiles) {}

  async take(principal: Principal, request: RunRequestDto): Promise<Omit<NewRun, 'runId'>> {
    const facts = readRequest(principal, request, chooseModel(request.run_input, this.providers));
    return { ...facts, originalInput: await this.botFiles.takeIn(facts, facts.originalInput) };
  }
}
