/** Imported before React and Ink: what their modules look at while they load. */

// Ink opens a development server for the environment variable DEV; people have one of that name for other reasons.
delete process.env.DEV;
