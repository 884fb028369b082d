export { ceilTo, createZone, DAY, floorTo, type LocalDay, monthOf, type Zone } from './zones.ts'
