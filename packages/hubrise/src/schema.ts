export { Account } from './schemas/account.ts';
export { type ConnectedThing, Connection, type ConnectionWire } from './schemas/connection.ts';
export {
  Location,
  type LocationWire,
  type OpeningSlot,
  type OrderAcceptance,
  type OrderAcceptanceWire,
} from './schemas/location.ts';
export { User } from './schemas/user.ts';
