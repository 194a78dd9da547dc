import { mount } from 'svelte';
import ApiDocs from './docs/ApiDocs.svelte';
import './app.css';

const target = document.getElementById('app');
if (target) mount(ApiDocs, { target });
