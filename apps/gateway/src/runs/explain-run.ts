import type { GateView, RunRequestDto, ValidateView } from '@countersign/contracts';
import {
  hideSecrets, ParameterMemory, payloadGate, responseGate, secretsOfRun, validationGate, type GateAnswer, type NewRun, type Preparation, type Principal, type RunOutput,
} from '@countersign/core';
import { LookAtFiles, replaceBotLinks, withoutBotToken } from '@countersign/files';
import { ProviderRegistry } from '@countersign/providers';
import { sha256Hex } from '@countersign/service-kit';
import { prepare, requestOf } from '@countersign/validator';
import { Injectable } from '@nestjs/common';
import { WeighCost, type MoneyGate } from '../budget/weigh-cost';
import { ModelForms } from '../models/model-forms';
import { handOver } from '../uploads/bot-files';
import { chooseModel } from './choose-model';
import { readRequest } from './read-request';

/** What a run of this request would do. Nothing is created, and nobody is asked. */
@Injectable()
export class ExplainRun {
  constructor(
    private readonly forms: ModelForms,
    private readonly files: LookAtFiles,
    private readonly providers: ProviderRegistry,
    private readonly memory: ParameterMemory,
    private readonly cost: WeighCost,
  ) {}

  async explain(principal: Principal, request: RunRequestDto): Promise<ValidateView> {
    const chosen = chooseModel(request.run_input, this.providers);
    const run = readRequest(principal, request, chosen);
    const [known, facts] = await Promise.all([
      this.forms.find({ provider: run.provider, model: run.model, version: run.modelVersion }), this.cost.facts(run.tenantId, run.userId),
    ]);
    const form = known?.form ?? this.forms.guess(run);
    const [said, memory] = await Promise.all([
      this.files.look(run.tenantId, form, requestOf(handOver(run.originalInput, (link) => link), {})),
      form ? this.memory.of({ ...run, version: form.version }) : undefined,
    ]);
    const preparation = await this.cost.estimated(prepare({
      form, request: said, provider: run.provider, model: run.model, sha256: sha256Hex, estimate: () => null,
      ...(memory && { memory }),
    }));
    const money = this.cost.gate(preparation, facts);
    const secrets = secretsOfRun({ originalInput: run.originalInput, edits: {}, preparation });
    return replaceBotLinks(hideSecrets(explanation(run, preparation, money), secrets), withoutBotToken);
  }
}

function explanation(run: Omit<NewRun, 'runId'>, preparation: Preparation, money: MoneyGate): ValidateView {
  return {
    ready: preparation.summary.ready_for_execution,
    validation_summary: preparation.summary,
    payload: preparation.payload,
    payload_hash: preparation.payloadHash,
    fixes: preparation.fixes.map((fix) => ({ ...fix })),
    mapping: preparation.mapping,
    gates: gatesOf(run, preparation, money),
    estimate: preparation.estimate && { ...preparation.estimate },
  };
}

/** What nobody can know before the launch is left out: the gate for the result is asked as if nothing was wrong with it. */
const FLAWLESS: RunOutput = { raw: null, parts: [], text: null, quality: null, flags: [], doubts: [] };

function gatesOf({ config, userId }: Omit<NewRun, 'runId'>, preparation: Preparation, money: MoneyGate): GateView[] {
  const who = `${userId} or a reviewer`;
  const gates: [string, GateAnswer][] = [
    ['validation_review', validationGate(preparation)],
    ['payload_suggestion', money.ask ? money : payloadGate(config, preparation)],
    ['response_review', responseGate(config, FLAWLESS)],
  ];
  return gates.filter(([, gate]) => gate.ask).map(([checkpoint_type, gate]) => (
    gate === money ? { checkpoint_type, reason: gate.reason, who: 'a reviewer', ...(money.budget && { budget: money.budget }) } : { checkpoint_type, reason: gate.reason, who }
  ));
}
