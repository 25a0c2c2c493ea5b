export { StartError } from '../shared/local-configuration.ts';
