export interface CustomerSettings {
  readonly theme: 'dark' | 'light';
}
