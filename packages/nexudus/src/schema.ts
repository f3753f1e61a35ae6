export { Business, BusinessList } from './schemas/business.ts';
export { type CommandIssue, CommandResult } from './schemas/command-result.ts';
export { type ListEnvelope, listEnvelope } from './schemas/list.ts';
