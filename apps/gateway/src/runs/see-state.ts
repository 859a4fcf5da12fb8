import type { RunStateView } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { ProviderRegistry } from '@countersign/providers';
import { Injectable } from '@nestjs/common';
import { SeeRun } from './see-run';

/** A run's whole state together with what its provider can do. */
@Injectable()
export class SeeState {
  constructor(private readonly see: SeeRun, private readonly providers: ProviderRegistry) {}

  state(principal: Principal, runId: string): Promise<RunStateView> {
    return this.see.state(principal, runId, (name) => {
      const provider = this.providers.find(name);
      return provider && { ...provider.capabilities };
    });
  }
}
