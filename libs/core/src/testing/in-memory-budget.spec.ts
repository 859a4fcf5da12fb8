import { budgetContract } from './budget-contract';
import { InMemoryBudget } from './in-memory-budget';

describe('InMemoryBudget', () => budgetContract(async () => new InMemoryBudget(), 200));
