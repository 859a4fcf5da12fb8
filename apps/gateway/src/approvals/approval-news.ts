import type { Approval } from '@countersign/core';
import { Injectable } from '@nestjs/common';

type Teller = (approval: Approval) => void;

/** What changed about an approval without its run having moved: said here, told by whoever has the sockets. */
@Injectable()
export class ApprovalNews {
  private teller: Teller = () => undefined;

  attach(teller: Teller): void {
    this.teller = teller;
  }

  updated(approval: Approval): void {
    this.teller(approval);
  }
}
