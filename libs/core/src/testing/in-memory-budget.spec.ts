import fc from 'fast-check';
import { budgetContract } from './budget-contract';
import { InMemoryBudget } from './in-memory-budget';

const LIVES = 200;

describe('InMemoryBudget', () => {
  budgetContract(async () => new InMemoryBudget(), (check) => fc.assert(fc.asyncProperty(fc.array(fc.nat(), { maxLength: 25 }), check), { numRuns: LIVES }));
});
