import { Module } from '@nestjs/common';
import { MemoryController } from './memory.controller';
import { TendMemory } from './tend-memory';

@Module({ controllers: [MemoryController], providers: [TendMemory] })
export class MemoryModule {}
