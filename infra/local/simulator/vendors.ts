import { awsSocial } from './aws-social/vendor.ts';
import { meta } from './meta/vendor.ts';
import { sinch } from './sinch/vendor.ts';
import type { ProviderName, Vendor } from './vendor.ts';

/** The simulated providers: a new one is a folder and a line here. */
export const VENDORS: { readonly [P in ProviderName]: Vendor<P> } = { meta, sinch, 'aws-social': awsSocial };

export const isProvider = (name: unknown): name is ProviderName =>
  typeof name === 'string' && Object.hasOwn(VENDORS, name);

export const PROVIDERS = Object.keys(VENDORS).filter(isProvider);

export const vendorOf = <P extends ProviderName>(provider: P): Vendor<P> => VENDORS[provider];
