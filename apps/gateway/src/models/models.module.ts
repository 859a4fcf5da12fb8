import { Module } from '@nestjs/common';
import { ModelForms } from './model-forms';
import { ModelsController } from './models.controller';
import { OfferedModels } from './offered-models';

@Module({ controllers: [ModelsController], providers: [ModelForms, OfferedModels], exports: [ModelForms] })
export class ModelsModule {}
