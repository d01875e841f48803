import 'vuetify/styles';
import { createVuetify } from 'vuetify';
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg';
import type { ThemeDefinition } from 'vuetify';

/** Dark and quiet, so that the picture is the brightest thing in the room. Text on each surface has a contrast of at least 4.5. */
const dark: ThemeDefinition = {
  dark: true,
  colors: {
    background: '#0e1114',
    surface: '#161b20',
    'surface-bright': '#242b33',
    'surface-light': '#1d2329',
    'surface-variant': '#2c343d',
    'on-surface-variant': '#dbe3ea',
    'on-background': '#e3e9ee',
    'on-surface': '#e3e9ee',
    primary: '#6cb8d6',
    'on-primary': '#06202b',
    secondary: '#9fb0be',
    error: '#ff8f80',
    info: '#8ab8ff',
    success: '#7fce9f',
    warning: '#f2b95f',
  },
};

const light: ThemeDefinition = {
  dark: false,
  colors: {
    background: '#eef1f4',
    surface: '#ffffff',
    'surface-bright': '#ffffff',
    'surface-light': '#f5f7f9',
    'surface-variant': '#dfe5ea',
    'on-surface-variant': '#20282f',
    primary: '#0f6484',
    'on-primary': '#ffffff',
    secondary: '#4a5a67',
    error: '#b3261e',
    info: '#1f5fbf',
    success: '#1d6f42',
    warning: '#8a5300',
  },
};

const compact = { density: 'compact', variant: 'outlined', hideDetails: 'auto' } as const;

export const createTheme = () =>
  createVuetify({
    icons: { defaultSet: 'mdi', aliases, sets: { mdi } },
    theme: { defaultTheme: 'dark', themes: { dark, light } },
    defaults: {
      VBtn: { variant: 'tonal', rounded: 'md' },
      VTextField: compact,
      VSelect: compact,
      VAutocomplete: compact,
      VNumberInput: { ...compact, controlVariant: 'stacked' },
      VSlider: { density: 'compact', hideDetails: true, color: 'primary', thumbSize: 14, trackSize: 3 },
      VSwitch: { density: 'compact', hideDetails: true, color: 'primary' },
      VCheckbox: { density: 'compact', hideDetails: true },
      VCard: { rounded: 'lg', elevation: 0 },
      VList: { density: 'compact', bgColor: 'transparent' },
    },
  });
