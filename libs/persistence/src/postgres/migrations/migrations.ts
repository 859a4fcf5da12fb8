import { CreateRuns1795360000000 } from './1795360000000-create-runs';
import { CreateApprovals1795360001000 } from './1795360001000-create-approvals';
import { CreateLaunches1795360002000 } from './1795360002000-create-launches';
import { CreateOutbox1795360003000 } from './1795360003000-create-outbox';
import { CreateFormsAndKeys1795360004000 } from './1795360004000-create-forms-and-keys';
import { AddProposal1795360005000 } from './1795360005000-add-proposal';
import { CreateModelCalls1795361010000 } from './1795361010000-create-model-calls';
import { CreateParameterMemory1795361020000 } from './1795361020000-create-parameter-memory';
import { AddStaleConsent1795361040000 } from './1795361040000-add-stale-consent';
import { CreateBudgets1795361050000 } from './1795361050000-create-budgets';
import { IndexForPages1795361080000 } from './1795361080000-index-for-pages';
import { IndexLengthenedApprovals1795361090000 } from './1795361090000-index-lengthened-approvals';
import { IndexBrowserQuestions1795361040100 } from './1795361040100-index-browser-questions';
import { AddClaimEnd1795361100000 } from './1795361100000-add-claim-end';

/** Listed, not globbed: what runs is what stands here, in this order. */
export const MIGRATIONS = [
  CreateRuns1795360000000,
  CreateApprovals1795360001000,
  CreateLaunches1795360002000,
  CreateOutbox1795360003000,
  CreateFormsAndKeys1795360004000,
  AddProposal1795360005000,
  CreateModelCalls1795361010000,
  CreateParameterMemory1795361020000,
  AddStaleConsent1795361040000,
  IndexBrowserQuestions1795361040100,
  CreateBudgets1795361050000,
  IndexForPages1795361080000,
  IndexLengthenedApprovals1795361090000,
  AddClaimEnd1795361100000,
];
