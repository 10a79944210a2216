export * from './destination-rule.ts';
export * from './peer-authentication.ts';
export * from './virtual-service.ts';
