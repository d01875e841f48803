const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** @param moment ISO 8601. */
export const formatDate = (moment: string): string => format.format(new Date(moment));
