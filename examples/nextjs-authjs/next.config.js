export default {
  // This folder has its own lock file, below the one of the project.
  turbopack: { root: import.meta.dirname },
};
