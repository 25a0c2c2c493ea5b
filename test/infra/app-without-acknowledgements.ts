import { Validations } from 'aws-cdk-lib';

Validations.prototype.acknowledge = () => undefined;
await import('./app-with-everything.ts');
