import './styles/base.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { z } from 'zod';
import App from './App.vue';
import { connect } from './host/connect.ts';
import { hostKey, hostOver } from './host/host.ts';
import { useProblemStore } from './stores/problems.ts';
import { createTheme } from './styles/vuetify.ts';
import { texts } from './texts/english.ts';
import { createVolumeCache, volumeCacheKey } from './volumes/volumeCache.ts';

// The page may not make code of text, and zod would try.
z.config({ jitless: true });

const application = createApp(App).use(createPinia()).use(createTheme());
const problems = useProblemStore();
const host = hostOver(connect(), problems.report);

application.config.errorHandler = (error) => {
  problems.report({ ...texts.bug, where: error instanceof Error ? error.message : String(error) });
};
window.addEventListener('unhandledrejection', ({ reason }) => {
  problems.report({ ...texts.bug, where: reason instanceof Error ? reason.message : String(reason) });
});

application.provide(hostKey, host).provide(volumeCacheKey, createVolumeCache(host)).mount('#application');
