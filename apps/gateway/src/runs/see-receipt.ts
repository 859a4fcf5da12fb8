import { receiptView, type ReceiptView } from '@countersign/contracts';
import { AuditReader, verifyRun, type Principal } from '@countersign/core';
import { sha256Hex } from '@countersign/service-kit';
import { Injectable } from '@nestjs/common';
import { notFound, SeeRun } from './see-run';

/** A run's receipt, checked at the moment it is made. */
@Injectable()
export class SeeReceipt {
  constructor(private readonly see: SeeRun, private readonly evidence: AuditReader) {}

  /** @throws ProblemError RUN_NOT_FOUND */
  async receipt(principal: Principal, runId: string): Promise<ReceiptView> {
    await this.see.run(principal, runId);
    const [record] = await this.evidence.records({ runId }, null, 1);
    if (!record) throw notFound(runId);
    return receiptView(record, verifyRun(record, sha256Hex), sha256Hex);
  }
}
