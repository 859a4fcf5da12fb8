import { Health } from '@countersign/service-kit';
import { Module, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import { PostgresPool } from '../gateway-ports.module';
import { HouseMetrics } from './house-metrics';
import { OperatorDoor } from './operator-door';
import { OperatorsController } from './operators.controller';
import { QueueBoard } from './queue-board';

/** What operators look at: health, figures, queues. */
@Module({ controllers: [OperatorsController], providers: [OperatorDoor, HouseMetrics, QueueBoard] })
export class OperatorsModule implements OnModuleInit {
  constructor(private readonly health: Health, private readonly postgres: PostgresPool, private readonly redis: Redis) {}

  onModuleInit(): void {
    this.health.addReady('postgres', () => this.postgres.pool.query('SELECT 1'));
    this.health.addReady('redis', () => this.redis.ping());
  }
}
