import { Module } from '@nestjs/common';
import { BudgetController } from './budget.controller';
import { TendBudget } from './tend-budget';
import { WeighCost } from './weigh-cost';

@Module({ controllers: [BudgetController], providers: [TendBudget, WeighCost], exports: [WeighCost] })
export class BudgetModule {}
